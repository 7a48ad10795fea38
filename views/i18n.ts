/** The two languages of the back office. Server only: the browser never gets a catalogue. */
import { IntlMessageFormat } from "intl-messageformat";
import en from "../locales/en.json" with { type: "json" };
import es from "../locales/es.json" with { type: "json" };

export type Locale = "en" | "es";
export type MessageKey = keyof typeof en;
export type Values = Readonly<Record<string, string | number | Date>>;
export type Translate = (key: MessageKey, values?: Values) => string;

export const locales: readonly Locale[] = ["en", "es"];

/** Each language by its own name. */
export const languageNames: Readonly<Record<Locale, string>> = { en: "English", es: "Español" };

const catalogues: Readonly<Record<Locale, Readonly<Record<MessageKey, string>>>> = { en, es };
const compiled = new Map<string, IntlMessageFormat>();

export function isLocale(text: string | undefined): text is Locale {
  return text === "en" || text === "es";
}

/** The catalogue of one language, as a function from key and values to text. */
export function translator(locale: Locale): Translate {
  return (key, values) => format(locale, key, values);
}

function format(locale: Locale, key: MessageKey, values: Values | undefined): string {
  const id = `${locale}:${key}`;
  const message = compiled.get(id) ?? new IntlMessageFormat(catalogues[locale][key], locale);
  compiled.set(id, message);
  return String(message.format(values));
}

/** Whether there is a message of that name, where the name is made of stored data. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

/** All messages whose names begin so, in the order of the file. */
export function keysOf(start: string): readonly string[] {
  return Object.keys(en).filter((key) => key.startsWith(start));
}

/** English sentences that the core writes into decisions, and the key that translates each. */
const coreSentences = new Map(
  Object.entries(en).filter(([key]) => key.startsWith("core.")).map(([key, text]) => [text, key as MessageKey]),
);

/**
 * A reason that was stored, in the reader's language where it is one of Moca's own sentences, what a keyword rule
 * found included; what the author of a rule, the agent or an operator wrote stays as it is. "sentence: detail" is looked up without its detail.
 */
export function translateReason(locale: Locale, reason: string): string {
  const whole = coreSentences.get(reason);
  if (whole !== undefined) return format(locale, whole, undefined);
  const colon = reason.indexOf(": ");
  const head = colon < 0 ? undefined : coreSentences.get(reason.slice(0, colon));
  if (head === undefined) return translateTold(locale, reason);
  return `${format(locale, head, undefined)}: ${translateReason(locale, reason.slice(colon + 2))}`;
}

/** One of Moca's own sentences in the reader's language; any other text as it is. */
export function translateSentence(locale: Locale, text: string): string {
  const key = coreSentences.get(text);
  return key === undefined ? text : format(locale, key, undefined);
}

interface Sentence {
  readonly key: MessageKey;
  readonly shape: RegExp;
}

/** Sentences that Moca and its keyword rules make of what they found. */
const toldSentences = sentences("told.");

/** Sentences that the doctor makes. */
const foundSentences = sentences("found.");

/** The English sentences under a prefix, and the keys that translate them; the longest first. */
function sentences(prefix: string): readonly Sentence[] {
  return Object.entries(en).filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => ({
      key: key as MessageKey,
      shape: shapeOf(text),
      length: text.replace(/\{\w+\}/g, "").length,
    }))
    .toSorted((a, b) => b.length - a.length);
}

/** `it says {said}` as an expression that takes the sentence apart again. An operator's `{name}` is one word. */
function shapeOf(text: string): RegExp {
  const parts = text.split(/\{(\w+)\}/);
  return new RegExp(
    `^${
      parts.map((part, index) =>
        index % 2 === 0 ? RegExp.escape(part) : `(?<${part}>${part === "name" ? "\\S+" : ".+"})`
      ).join("")
    }$`,
    "s",
  );
}

/** What the doctor found, or how it is cured, in the reader's language; what Instagram itself said stays as it is. */
export function translateFinding(locale: Locale, text: string): string {
  for (const { key, shape } of foundSentences) {
    const values = shape.exec(text)?.groups;
    if (values === undefined && !shape.test(text)) continue;
    const told = Object.entries(values ?? {}).map(([name, value]) => [name, translateFinding(locale, value)]);
    return format(locale, key, Object.fromEntries(told));
  }
  return text;
}

/** Of a list that was cut short, "and 3 more". */
function translateEach(locale: Locale, values: Readonly<Record<string, string>>): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, translateReason(locale, value)]));
}

/** A rule's own words stay; what it found stands behind them: "asks about an order (it says "order")". */
function translateTold(locale: Locale, reason: string): string {
  for (const { key, shape } of toldSentences) {
    const values = shape.exec(reason)?.groups;
    if (values !== undefined) return format(locale, key, translateEach(locale, values));
  }
  const [, own, found] = /^(.+) \((.+)\)$/s.exec(reason) ?? [];
  return found === undefined ? reason : `${translateReason(locale, own)} (${translateReason(locale, found)})`;
}
