/** For tests of rules: `await testRule(rule).given({ texts: ["stop"] }).expect({ kind: "silence" })`. */
import assert from "node:assert/strict";
import type { Rule, Verdict } from "@/rules/contract.ts";
import { type SampleTurn, sampleTurn } from "@/rules/sample_turn.ts";
import { checkVerdict } from "@/rules/verdict_schema.ts";

/** The parts of a verdict that a test speaks of. */
export type ExpectedVerdict = Partial<Omit<Verdict, "kind">> & { readonly kind: Verdict["kind"] } & {
  readonly texts?: readonly string[];
  readonly reason?: string;
  readonly until?: Date;
  readonly tags?: readonly string[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly optOut?: boolean;
};

export interface RuleCase {
  /** What the rule answers. Throws when that is no verdict. */
  verdict(): Promise<Verdict>;
  /** Throws when the rule answers something that differs from what is given. */
  expect(expected: ExpectedVerdict): Promise<void>;
}

/** Tries a rule on invented turns. */
export function testRule(rule: Rule): { given(turn: SampleTurn): RuleCase } {
  return {
    given: (turn) => {
      const verdict = async (): Promise<Verdict> => {
        const checked = checkVerdict(await rule.apply(sampleTurn(turn)));
        if ("fault" in checked) assert.fail(`Rule "${rule.name}" answered no verdict: ${checked.fault}`);
        return checked.verdict;
      };
      return { verdict, expect: async (expected) => assert.partialDeepStrictEqual(await verdict(), expected) };
    },
  };
}
