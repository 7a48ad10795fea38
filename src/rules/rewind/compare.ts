import type { Verdict } from "@/rules/contract.ts";
import type { Turn } from "@/store/records.ts";

/** What rules decided on a turn. `pass`: they left it to the agent. */
export interface RuleVerdict {
  readonly kind: Verdict["kind"];
  /** Absent when every rule passed. */
  readonly rule?: string;
  /** Of a reply, one message each; empty otherwise, and where a reply was not queued after all. */
  readonly texts: readonly string[];
  readonly reason: string;
}

/** What the rules decided then, by the turn's own trace. */
export function verdictThen({ rules, outcome }: Pick<Turn, "rules" | "outcome">): RuleVerdict {
  const last = rules.at(-1);
  if (last === undefined || last.verdict === "pass" || last.verdict === "error" || last.verdict === "off") {
    return { kind: "pass", texts: [], reason: outcome.reason };
  }
  const texts = outcome.by === `rule:${last.rule}` ? outcome.texts : [];
  return { kind: last.verdict, rule: last.rule, texts, reason: last.reason };
}

/** What the rules decide now. */
export function verdictNow(verdict: Verdict, rule: string | undefined): RuleVerdict {
  const texts = verdict.kind === "reply" ? verdict.texts : [];
  return { kind: verdict.kind, ...(rule === undefined ? {} : { rule }), texts, reason: verdict.reason ?? "" };
}

/**
 * Whether the contact would have been answered otherwise. Another rule with the same words is no difference; of a
 * reply that was never queued the words are not known, and the verdict alone counts.
 */
export function differs(then: RuleVerdict, now: RuleVerdict): boolean {
  if (then.kind !== now.kind) return true;
  if (then.kind !== "reply" || then.texts.length === 0) return false;
  return then.texts.join("\n") !== now.texts.join("\n");
}
