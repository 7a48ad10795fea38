import type { Rule, RuleTurn, Verdict } from "@/rules/contract.ts";
import type { Keywords } from "@/rules/rule_file.ts";
import { act } from "@/rules/yaml/act.ts";
import type { YamlRule } from "@/rules/yaml/rule_schema.ts";
import { findAll, type Finding, textConditions } from "@/rules/yaml/text_conditions.ts";
import { asList, turnConditions, turnObstacle } from "@/rules/yaml/turn_conditions.ts";

/** A keyword rule, ready to run. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Whether the conditions on texts hold for a burst; what surrounds it is left out of account. */
  readonly findIn: (texts: readonly string[]) => Finding;
  readonly keywords: Keywords;
}

/** Makes a rule of what was written. Throws when its pattern is no regular expression of RE2's. */
export function compileRule(written: YamlRule): CompiledRule {
  const { name, description = "Keyword rule", match } = written;
  const conditions = textConditions(match);
  const findIn = (texts: readonly string[]): Finding => findAll(conditions, texts);
  const apply = (turn: RuleTurn): Verdict => {
    const obstacle = turnObstacle(match, turn);
    if (obstacle !== undefined) return { kind: "pass", reason: obstacle };
    const finding = findIn(turn.texts);
    return finding.holds ? act(written, turn, finding.why) : { kind: "pass", reason: finding.why };
  };
  return { rule: { name, description, apply }, findIn, keywords: keywordsOf(written, findIn) };
}

function keywordsOf(written: YamlRule, findIn: CompiledRule["findIn"]): Keywords {
  const isAlwaysOn = turnConditions.every((name) => written.match[name] === undefined);
  const endsChain = (written.reply ?? written.handOff ?? written.silence) !== undefined;
  return {
    ...burstsOf(written),
    hears: (texts) => findIn(texts).holds,
    alwaysDecides: (texts) => isAlwaysOn && endsChain && findIn(texts).holds,
  };
}

/** A rule that wants several things at once cannot be tried by its words alone. */
function burstsOf(
  { examples, match: { any, only, all, pattern } }: YamlRule,
): Pick<Keywords, "bursts" | "hasExamples"> {
  const given = examples?.match;
  if (given !== undefined) return { bursts: given.map((example) => asList(example)), hasExamples: true };
  const wantsMore = all !== undefined || pattern !== undefined || (any !== undefined && only !== undefined);
  return { bursts: wantsMore ? [] : (any ?? only ?? []).map((word) => [word]), hasExamples: false };
}
