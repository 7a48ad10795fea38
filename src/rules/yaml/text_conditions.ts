import { RE2JS } from "re2js";
import { findNearly } from "@/rules/typos.ts";
import { bareText, foldText, hasPhrase, spellingsOf } from "@/rules/words.ts";
import type { Match } from "@/rules/yaml/match_schema.ts";

/** Whether a condition holds, and in words why, or why not. */
export interface Finding {
  readonly holds: boolean;
  readonly why: string;
}

/** One condition on the texts of a burst. */
export type TextCondition = (texts: readonly string[]) => Finding;

/** The conditions on texts of one rule, in the order in which they are tried. Throws when `pattern` is none. */
export function textConditions({ any, all, none, only, pattern, typos }: Match): readonly TextCondition[] {
  const find = typos === true ? saidNearly : saidExactly;
  return [
    ...(only === undefined ? [] : [saysOnlyOneOf(only)]),
    ...(any === undefined ? [] : [hasAny(any, find)]),
    ...(all === undefined ? [] : [hasAll(all, find)]),
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

/** Tells that the phrase stands in one of the folded texts, in words; undefined when it does not. */
type Find = (phrase: Phrase, folded: readonly string[]) => string | undefined;

function saidExactly({ given, folded }: Phrase, texts: readonly string[]): string | undefined {
  return texts.some((text) => hasPhrase(text, folded)) ? `it says "${given}"` : undefined;
}

function saidNearly(phrase: Phrase, texts: readonly string[]): string | undefined {
  const exactly = saidExactly(phrase, texts);
  if (exactly !== undefined) return exactly;
  const said = texts.map((text) => findNearly(text, phrase.folded)).find((words) => words !== undefined);
  return said === undefined ? undefined : `it says "${said}", taken for "${phrase.given}"`;
}

function foldPhrases(given: readonly string[]): readonly Phrase[] {
  return given.map((phrase) => ({ given: phrase, folded: foldText(phrase) }));
}

function hasAny(given: readonly string[], find: Find): TextCondition {
  const phrases = foldPhrases(given);
  return (texts) => {
    const folded = foldTexts(texts);
    for (const phrase of phrases) {
      const why = find(phrase, folded);
      if (why !== undefined) return { holds: true, why };
    }
    return { holds: false, why: `it says none of ${quoteFew(given)}` };
  };
}

function hasAll(given: readonly string[], find: Find): TextCondition {
  const phrases = foldPhrases(given);
  return (texts) => {
    const folded = foldTexts(texts);
    const missing = phrases.find((phrase) => find(phrase, folded) === undefined);
    if (missing !== undefined) return { holds: false, why: `it does not say "${missing.given}"` };
    return { holds: true, why: `it says ${quoteFew(given)}` };
  };
}

function hasNone(given: readonly string[]): TextCondition {
  const phrases = foldPhrases(given);
  return (texts) => {
    const folded = foldTexts(texts);
    const found = phrases.find((phrase) => saidExactly(phrase, folded) !== undefined);
    return found === undefined ? { holds: true, why: "" } : { holds: false, why: `it says "${found.given}"` };
  };
}

function saysOnlyOneOf(given: readonly string[]): TextCondition {
  const byBareText = new Map(given.map((phrase) => [bareText(foldText(phrase)), phrase]));
  const phraseOf = (text: string): string | undefined =>
    spellingsOf(foldText(text)).map((said) => byBareText.get(bareText(said))).find((phrase) => phrase !== undefined);
  return (texts) => {
    const said = texts.map((text) => bareText(foldText(text)) === "" ? undefined : phraseOf(text));
    const isOnlyThat = said.length > 0 && said.every((phrase) => phrase !== undefined);
    if (isOnlyThat) return { holds: true, why: `it says only "${said[0]}"` };
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

/** A chain asks many rules about the same texts: they are folded once. */
const foldedTexts = new WeakMap<readonly string[], readonly string[]>();

function foldTexts(texts: readonly string[]): readonly string[] {
  const known = foldedTexts.get(texts);
  if (known !== undefined) return known;
  const folded = texts.flatMap((text) => spellingsOf(foldText(text)));
  foldedTexts.set(texts, folded);
  return folded;
}

function quoteFew(phrases: readonly string[]): string {
  const shown = phrases.slice(0, 3).map((phrase) => `"${phrase}"`).join(", ");
  return phrases.length > 3 ? `${shown} and ${phrases.length - 3} more` : shown;
}
