import type { FileRule, Keywords } from "@/rules/rule_file.ts";

/** A rule and its file's name. */
export type PlacedRule = FileRule & { readonly file: string };

type KeywordRule = PlacedRule & { readonly keywords: Keywords };

/** Keyword rules beyond which the check is left out: it compares each with all before it. */
const maxRules = 300;

/** In words: keyword rules that never answer, or never where they say that they do. */
export function unreachableRules(rules: readonly PlacedRule[]): readonly string[] {
  const keywordRules = rules.filter((rule): rule is KeywordRule => rule.keywords !== undefined);
  if (keywordRules.length > maxRules) return [];
  return keywordRules.flatMap((rule, index) => {
    const before = keywordRules.slice(0, index);
    return (rule.keywords.hasExamples ? shadowedExample(rule, before) : shadowedWords(rule, before)) ?? [];
  });
}

/** `70_keywords.yaml:12`, or the file alone. */
export function placeOf({ file, line }: { readonly file: string; readonly line?: number }): string {
  return line === undefined ? file : `${file}:${line}`;
}

function shadowedExample(rule: KeywordRule, before: readonly KeywordRule[]): string | undefined {
  const example = rule.keywords.bursts.find((texts) => firstToDecide(before, texts) !== undefined);
  const winner = example && firstToDecide(before, example);
  if (winner === undefined) return undefined;
  const said = example?.map((text) => `"${text}"`).join(" + ");
  return `${nameOf(rule)} never gets its example ${said}: ${nameOf(winner)} comes first and decides on it`;
}

function shadowedWords(rule: KeywordRule, before: readonly KeywordRule[]): string | undefined {
  const { bursts, hears } = rule.keywords;
  if (bursts.length === 0) return undefined;
  const heard = bursts.filter((texts) => hears(texts));
  if (heard.length === 0) return `${nameOf(rule)} never matches: what it wants, its own "none" excludes`;
  const winners = heard.map((texts) => firstToDecide(before, texts));
  const [winner] = winners;
  if (winner === undefined || winners.includes(undefined)) return undefined;
  return `${nameOf(rule)} is never asked: ${nameOf(winner)} comes first and decides on its words`;
}

function firstToDecide(rules: readonly KeywordRule[], texts: readonly string[]): KeywordRule | undefined {
  return rules.find(({ keywords }) => keywords.alwaysDecides(texts));
}

function nameOf(rule: PlacedRule): string {
  return `rule "${rule.rule.name}" (${placeOf(rule)})`;
}
