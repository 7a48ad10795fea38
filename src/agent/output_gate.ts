import { hasInvisible } from "@/agent/invisible.ts";
import { languageOf } from "@/agent/language.ts";
import { isAllowedLink, linksIn } from "@/agent/links.ts";

/** UTF-8 bytes that one answer may have in all its parts; Instagram takes 1,000 in one message. */
export const maxAnswerBytes = 4_000;

export interface GateContext {
  /** Links and addresses that may be written, as `linksIn` finds them. */
  readonly allowedLinks: readonly string[];
  /** The marker of the instructions: it must never leave. */
  readonly canary: string;
  /** Words that must not be written, as the owner wrote them. */
  readonly forbiddenPhrases: readonly string[];
  /** Languages that the contact understands; empty: nobody knows. */
  readonly languages: readonly string[];
  /** The bot's last answer, its parts joined by line breaks; absent when there is none. */
  readonly lastAnswer?: string;
}

/**
 * Why an answer must not go out, in words that the model can act on and a person understands; undefined when
 * it may. Knows nothing of who wrote the texts: it stands between any model and the contact.
 */
export function faultInAnswer(texts: readonly string[], context: GateContext): string | undefined {
  const whole = texts.join("\n");
  const bytes = new TextEncoder().encode(whole).length;
  if (texts.length === 0 || texts.some((text) => text.trim() === "")) return "a message is empty";
  if (bytes > maxAnswerBytes) return `the answer has ${bytes} bytes, ${maxAnswerBytes} are allowed`;
  if (!whole.isWellFormed() || whole.includes("\uFFFD")) return "the answer holds broken characters";
  if (hasInvisible(whole)) return "the answer holds invisible characters";
  if (leaksCanary(whole, context.canary)) return "the answer gives away internal instructions";
  if (looksLikeMarkup(whole)) return "the answer holds HTML or other markup, plain text is wanted";
  const foreign = linksIn(whole).filter((link) => !isAllowedLink(link, context.allowedLinks));
  if (foreign.length > 0) {
    return "the answer holds a link or an address that stands neither in the persona nor in the knowledge";
  }
  const forbidden = context.forbiddenPhrases.find((phrase) => holds(whole, phrase));
  if (forbidden !== undefined) return `the answer holds words that the business forbids: "${forbidden}"`;
  const language = languageOf(whole);
  if (language !== undefined && context.languages.length > 0 && !context.languages.includes(language)) {
    return `the answer is in another language (${language}) than the contact's (${context.languages.join(", ")})`;
  }
  if (context.lastAnswer !== undefined && folded(whole) === folded(context.lastAnswer)) {
    return "the answer is the same as the one before";
  }
  return undefined;
}

/** Whether the phrase stands in the text as whole words, whatever case, accents and spaces. */
function holds(text: string, phrase: string): boolean {
  const bare = (words: string): string =>
    ` ${
      words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? ""
    } `;
  const sought = bare(phrase);
  return sought.trim() !== "" && bare(text).includes(sought);
}

/** Letters and digits alone decide, so that spacing, case or dashes do not hide the marker. */
function leaksCanary(text: string, canary: string): boolean {
  const bare = lettersAndDigits(text);
  const marker = lettersAndDigits(canary);
  return bare.includes(marker) || bare.includes([...marker].reverse().join(""));
}

function lettersAndDigits(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
}

function looksLikeMarkup(text: string): boolean {
  return /<\/?[a-z][a-z0-9_-]*(?:\s[^<>]*)?\/?>|<!--|<!doctype|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});/i.test(text);
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
