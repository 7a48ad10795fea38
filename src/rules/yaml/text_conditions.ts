import { RE2JS } from "re2js";
import { bareText, foldText, hasPhrase } from "@/rules/words.ts";
import type { YamlRule } from "@/rules/yaml/rule_schema.ts";

type Match = YamlRule["match"];

/** Whether a condition holds, and in words why, or why not. */
export interface Finding {
  readonly holds: boolean;
  readonly why: string;
}

/** One condition on the texts of a burst. */
export type TextCondition = (texts: readonly string[]) => Finding;

/** The conditions on texts of one rule, in the order in which they are tried. Throws when `pattern` is none. */
export function textConditions({ any, all, none, only, pattern }: Match): readonly TextCondition[] {
  return [
    ...(only === undefined ? [] : [saysOnlyOneOf(only)]),
    ...(any === undefined ? [] : [hasAny(any)]),
    ...(all === undefined ? [] : [hasAll(all)]),
    ...(none === undefined ? [] : [hasNone(none)]),
    ...(pattern === undefined ? [] : [hasPattern(pattern)]),
  ];
}

/** Holds when all conditions hold; tells what was found, or the first that does not hold. */
export function findAll(conditions: readonly TextCondition[], texts: readonly string[]): Finding {
  const found: string[] = [];
  for (const condition of conditions) {
    const finding = condition(texts);
    if (!finding.holds) return finding;
    if (finding.why !== "") found.push(finding.why);
  }
  return { holds: true, why: found.join(", ") };
}

interface Phrase {
  readonly given: string;
  readonly folded: string;
}

function foldPhrases(given: readonly string[]): readonly Phrase[] {
  return given.map((phrase) => ({ given: phrase, folded: foldText(phrase) }));
}

function hasAny(given: readonly string[]): TextCondition {
  const phrases = foldPhrases(given);
  return (texts) => {
    const found = phrases.find((phrase) => stands(phrase, texts));
    if (found !== undefined) return { holds: true, why: `it says "${found.given}"` };
    return { holds: false, why: `it says none of ${quoteFew(given)}` };
  };
}

function hasAll(given: readonly string[]): TextCondition {
  const phrases = foldPhrases(given);
  return (texts) => {
    const missing = phrases.find((phrase) => !stands(phrase, texts));
    if (missing !== undefined) return { holds: false, why: `it does not say "${missing.given}"` };
    return { holds: true, why: `it says ${quoteFew(given)}` };
  };
}

function hasNone(given: readonly string[]): TextCondition {
  const phrases = foldPhrases(given);
  return (texts) => {
    const found = phrases.find((phrase) => stands(phrase, texts));
    return found === undefined ? { holds: true, why: "" } : { holds: false, why: `it says "${found.given}"` };
  };
}

function saysOnlyOneOf(given: readonly string[]): TextCondition {
  const byBareText = new Map(given.map((phrase) => [bareText(foldText(phrase)), phrase]));
  return (texts) => {
    const said = texts.map((text) => bareText(foldText(text)));
    const isOnlyThat = said.length > 0 && said.every((text) => text !== "" && byBareText.has(text));
    if (isOnlyThat) return { holds: true, why: `it says only "${byBareText.get(said[0])}"` };
    return { holds: false, why: `it is not just ${quoteFew(given)}` };
  };
}

function hasPattern(pattern: string): TextCondition {
  const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  return (texts) => {
    const holds = texts.some((text) => compiled.matcher(text.normalize("NFC")).find());
    return { holds, why: holds ? `it fits the pattern ${pattern}` : `it does not fit the pattern ${pattern}` };
  };
}

function stands({ folded }: Phrase, texts: readonly string[]): boolean {
  return foldTexts(texts).some((text) => hasPhrase(text, folded));
}

/** A chain asks many rules about the same texts: they are folded once. */
const foldedTexts = new WeakMap<readonly string[], readonly string[]>();

function foldTexts(texts: readonly string[]): readonly string[] {
  const known = foldedTexts.get(texts);
  if (known !== undefined) return known;
  const folded = texts.map(foldText);
  foldedTexts.set(texts, folded);
  return folded;
}

function quoteFew(phrases: readonly string[]): string {
  const shown = phrases.slice(0, 3).map((phrase) => `"${phrase}"`).join(", ");
  return phrases.length > 3 ? `${shown} and ${phrases.length - 3} more` : shown;
}
