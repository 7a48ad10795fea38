import type { Clock } from "@/clock.ts";
import { type ChainResult, runChain, runRule } from "@/rules/chain.ts";
import { inOrder } from "@/rules/chain_order.ts";
import type { RuleTurn, Verdict } from "@/rules/contract.ts";
import type { RuleInfo, RuleSet } from "@/rules/rule_set.ts";
import type { RuleTrace } from "@/store/records.ts";

/** What one rule says to a turn that is tried out. */
export interface TriedRule extends RuleInfo {
  /** Its own words: of a keyword rule that passes, the first condition that does not hold. */
  readonly trace: RuleTrace;
  readonly verdict: Verdict;
  /** `before`: it passes, and the next is asked · `winner`: it decides · `after`: it would not be asked at all. */
  readonly place: "before" | "winner" | "after";
}

/** A turn as every rule sees it, and what would come of it. Nothing has an effect. */
export interface TriedTurn {
  readonly version: string;
  /** In the order in which they are asked. */
  readonly rules: readonly TriedRule[];
  /** `pass`: the agent would be asked. */
  readonly verdict: Verdict;
  readonly winner?: string;
  /** What would be noted on the contact. */
  readonly tags: readonly string[];
  readonly fields: readonly { readonly field: string; readonly value: string; readonly by: string }[];
  readonly followUps: ChainResult["followUps"];
  readonly optOut: boolean;
}

/** Asks every rule, also those behind the winner. Never rejects. */
export async function tryChain({ state, rules }: RuleSet, turn: RuleTurn, clock: Clock): Promise<TriedTurn> {
  const { rulesOrder } = turn.settings;
  const infos = inOrder(state.rules, rulesOrder);
  const runs = await Promise.all(inOrder(rules, rulesOrder).map((rule) => runRule(rule, turn, clock)));
  const winnerAt = runs.findIndex(({ verdict }) => verdict.kind !== "pass");
  const result = await runChain({ version: state.version, rules }, turn, clock);
  const { version, verdict, tags, fields, followUps, optOut, rule } = result;
  return {
    version,
    rules: runs.map((run, index) => ({ ...infos[index], ...run, place: placeOf(index, winnerAt) })),
    verdict,
    ...(rule === undefined ? {} : { winner: rule }),
    tags,
    fields,
    followUps,
    optOut,
  };
}

function placeOf(index: number, winnerAt: number): TriedRule["place"] {
  if (index === winnerAt) return "winner";
  return winnerAt < 0 || index < winnerAt ? "before" : "after";
}
