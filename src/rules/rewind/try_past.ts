import type { Clock } from "@/clock.ts";
import type { Settings } from "@/conversation/settings.ts";
import { runChain } from "@/rules/chain.ts";
import { differs, type RuleVerdict, verdictNow, verdictThen } from "@/rules/rewind/compare.ts";
import { pastRuleTurn, type PastTurn } from "@/rules/rewind/past_turn.ts";
import type { RuleSet } from "@/rules/rule_set.ts";
import type { RuleTrace } from "@/store/records.ts";

/** What rules decided on a turn, and what others make of it now. */
export interface TriedPast {
  readonly then: RuleVerdict;
  readonly now: RuleVerdict;
  /** The contact would have been answered otherwise. */
  readonly differs: boolean;
  /** Every rule that ran now, in order. */
  readonly traces: readonly RuleTrace[];
}

export interface TryPastOptions {
  readonly set: RuleSet;
  readonly settings: Settings;
}

/** Runs rules over one turn of the past, without effect. */
export async function tryPast(
  past: PastTurn,
  { set, settings }: TryPastOptions,
  clock: Clock,
): Promise<TriedPast> {
  const chain = { version: set.state.version, rules: set.rules };
  const { verdict, rule, traces } = await runChain(chain, pastRuleTurn(past, settings), clock);
  const [then, now] = [verdictThen(past.turn), verdictNow(verdict, rule)];
  return { then, now, differs: differs(then, now), traces };
}
