import type { CompiledRule } from "@/rules/yaml/compile_rule.ts";
import type { YamlRule } from "@/rules/yaml/rule_schema.ts";
import { asList } from "@/rules/yaml/turn_conditions.ts";

/** An example that does not hold: where it stands in the rule, what was expected and what happened. */
export interface FailedExample {
  readonly path: readonly PropertyKey[];
  readonly what: string;
}

/**
 * Tries a rule's examples. Only the conditions on texts are tried: of kind, language and hours an example
 * says nothing.
 */
export function checkExamples({ findIn }: CompiledRule, { examples = {} }: YamlRule): readonly FailedExample[] {
  const { match = [], noMatch = [] } = examples;
  const missed = match.flatMap((example, index) => {
    const { holds, why } = findIn(asList(example));
    return holds ? [] : [failure("match", index, `${quote(example)} should match, but does not: ${why}`)];
  });
  const caught = noMatch.flatMap((example, index) => {
    const { holds, why } = findIn(asList(example));
    return holds ? [failure("noMatch", index, `${quote(example)} should not match, but does: ${why || "always"}`)] : [];
  });
  return [...missed, ...caught];
}

function failure(list: string, index: number, what: string): FailedExample {
  return { path: ["examples", list, index], what: `its example ${what}` };
}

function quote(example: string | readonly string[]): string {
  return asList(example).map((text) => `"${text}"`).join(" + ");
}
