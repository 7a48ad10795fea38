/**
 * Characters that nobody sees but a model reads: tag letters, zero-width signs, direction marks, fillers,
 * variation selectors, control characters. They smuggle instructions in and data out.
 */
const unseen =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\u{E0000}-\u{E0FFF}]/u;

/** A joiner inside a word or an emoji, and the selector that makes an emoji colourful: without them text breaks. */
const needed =
  /(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])[\u200C\u200D](?=[\p{L}\p{Extended_Pictographic}])|(?<=\p{Emoji})[\uFE0E\uFE0F]/u;

const neededOrUnseen = new RegExp(`(${needed.source})|${unseen.source}`, "gu");

/** The text as a person sees it; line breaks and tabs stay. */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(neededOrUnseen, (_, kept: string | undefined) => kept ?? "");
}

/** Whether the text holds characters that a person does not see. */
export function hasInvisible(text: string): boolean {
  return visibleText(text) !== text.replace(/\r\n?/g, "\n");
}
