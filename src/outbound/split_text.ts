/** Instagram takes at most so many UTF-8 bytes a text (Messaging API, "Send messages"). */
export const maxTextBytes = 1_000;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const encoder = new TextEncoder();

/**
 * Cuts a text into parts of at most `maxBytes` UTF-8 bytes (default 1,000, at least 4): at a sentence's end,
 * else between words, else between the signs that a reader sees as one. Parts are trimmed; none is empty.
 */
export function splitText(text: string, maxBytes: number = maxTextBytes): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (byteLength(rest) > maxBytes) {
    const head = takeHead(rest, maxBytes);
    parts.push(head.trim());
    rest = rest.slice(head.length).trimStart();
  }
  parts.push(rest);
  return parts.filter((part) => part !== "");
}

/** The first part of a text that is too long, as it stands there. */
function takeHead(text: string, maxBytes: number): string {
  const fitted = fitting(text, maxBytes);
  if (fitted.length === 0) return fittingCodePoints(text, maxBytes);
  const following = nextSign(text, fitted.join("").length);
  const signs = [...fitted, following];
  const cut = lastCut(signs, endsSentence) ?? lastCut(signs, endsWord) ?? fitted.length;
  return fitted.slice(0, cut).join("");
}

/** The signs at the beginning that fit. One more character than fits is looked at, so the last is never half. */
function fitting(text: string, maxBytes: number): string[] {
  const signs: string[] = [];
  let bytes = 0;
  for (const { segment } of graphemes.segment(text.slice(0, maxBytes + 1))) {
    bytes += byteLength(segment);
    if (bytes > maxBytes) break;
    signs.push(segment);
  }
  return signs;
}

/** For a single sign that is longer than a whole part: its code points that fit. */
function fittingCodePoints(text: string, maxBytes: number): string {
  let head = "";
  for (const point of text) {
    if (byteLength(head + point) > maxBytes) break;
    head += point;
  }
  return head;
}

function nextSign(text: string, at: number): string {
  return graphemes.segment(text.slice(at, at + 64))[Symbol.iterator]().next().value?.segment ?? "";
}

/** The last place to cut before the sign at the answered index; the sign after all that fit may be it. */
function lastCut(
  signs: readonly string[],
  isCut: (signs: readonly string[], at: number) => boolean,
): number | undefined {
  for (let at = signs.length - 1; at > 0; at--) if (isCut(signs, at)) return at;
  return undefined;
}

function endsSentence(signs: readonly string[], at: number): boolean {
  const before = signs.slice(Math.max(0, at - 3), at).join("");
  if (/[。！？]$/u.test(before) || signs[at]?.includes("\n")) return true;
  return endsWord(signs, at) && /[.!?…]["'”’»)\]]*$/u.test(before);
}

function endsWord(signs: readonly string[], at: number): boolean {
  return /^\s+$/u.test(signs[at] ?? "");
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
