import type { FileRule } from "@/rules/rule_file.ts";

/** A rule and its file's name. */
export type PlacedRule = FileRule & { readonly file: string };

/** Keyword rules beyond which the check is left out: it compares each with all before it. */
const maxRules = 300;

/** In words: the examples that an earlier keyword rule always answers, so that the rule itself never does. */
export function shadowedExamples(rules: readonly PlacedRule[]): readonly string[] {
  const keywordRules = rules.filter(({ keywords }) => keywords !== undefined);
  if (keywordRules.length > maxRules) return [];
  return keywordRules.flatMap((rule, index) => {
    const before = keywordRules.slice(0, index);
    const example = rule.keywords?.examples.find((texts) => firstToDecide(before, texts) !== undefined);
    const winner = example && firstToDecide(before, example);
    if (winner === undefined) return [];
    const said = example?.map((text) => `"${text}"`).join(" + ");
    return [`${nameOf(rule)} never gets its example ${said}: ${nameOf(winner)} comes first and decides on it`];
  });
}

/** `70_keywords.yaml:12`, or the file alone. */
export function placeOf({ file, line }: { readonly file: string; readonly line?: number }): string {
  return line === undefined ? file : `${file}:${line}`;
}

function firstToDecide(rules: readonly PlacedRule[], texts: readonly string[]): PlacedRule | undefined {
  return rules.find(({ keywords }) => keywords?.alwaysDecides(texts));
}

function nameOf(rule: PlacedRule): string {
  return `rule "${rule.rule.name}" (${placeOf(rule)})`;
}
