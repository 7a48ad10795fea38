import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import { CaseClock } from "@/simulator/cases/case_clock.ts";
import { CasePlay, type Played } from "@/simulator/cases/case_play.ts";
import { CaseSpace } from "@/simulator/cases/case_space.ts";
import type { Simulation, SimulationStep, TurnOutcome } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** How a case went; without a difference it passed. */
export interface CaseRun {
  readonly simulation: Simulation;
  readonly difference?: CaseDifference;
}

/** Where a case first went otherwise; `step` counts from 1. */
export type CaseDifference = StepDifference & { readonly step: number };

/** `contains`: the words are missing, and `actual` is what was said. `arrived`: how many texts reached the contact. */
export type StepDifference =
  | { readonly what: "undecided" }
  | { readonly what: "outcome"; readonly expected: TurnOutcome["kind"]; readonly actual: TurnOutcome["kind"] }
  | { readonly what: "by" | "contains"; readonly expected: string; readonly actual: string }
  | { readonly what: "arrived"; readonly expected: number; readonly actual: number };

export interface CaseRunnerDeps {
  /** What is live: settings and knowledge are read from it, and nothing is written. */
  readonly store: Pick<Store, "accounts" | "knowledge">;
  readonly rules: Pick<RuleBook, "run">;
  readonly agent: Agent;
  /** Opens an empty store that is forgotten when it is closed. */
  readonly openStore: (clock: Clock) => Promise<Store>;
}

/**
 * Runs a saved case as messages travel: a signed webhook over HTTP, the live stages, the queue, a pretended Instagram
 * with the case's faults. Store, clock and Instagram are the run's own, so that nothing of it is ever among what is
 * live, and no time is waited for.
 */
export class CaseRunner {
  readonly #deps: CaseRunnerDeps;

  constructor(deps: CaseRunnerDeps) {
    this.#deps = deps;
  }

  /** Undefined when the case's account is not there. */
  async run(simulation: Simulation): Promise<CaseRun | undefined> {
    const { store, rules, agent, openStore } = this.#deps;
    const account = await store.accounts.get(simulation.accountId);
    if (account === undefined) return undefined;
    const clock = new CaseClock(simulation.steps[0]?.at ?? simulation.savedAt);
    const knowledge = await store.knowledge.list(account.id);
    await using space = await CaseSpace.open({ account, knowledge, clock, rules, agent, openStore });
    const { psid } = space.instagram.setContact("6190000000000001", simulation.contact);
    const difference = await firstDifference(simulation.steps, new CasePlay(space, clock, psid));
    return difference === undefined ? { simulation } : { simulation, difference };
  }
}

async function firstDifference(
  steps: readonly SimulationStep[],
  play: CasePlay,
): Promise<CaseDifference | undefined> {
  for (const [index, step] of steps.entries()) {
    const difference = compare(step, await play.take(step, steps[index + 1]?.at));
    if (difference !== undefined) return { step: index + 1, ...difference };
  }
  return undefined;
}

function compare({ expected }: SimulationStep, { turn, arrived }: Played): StepDifference | undefined {
  if (turn === undefined) return { what: "undecided" };
  const { kind, by, texts } = turn.outcome;
  if (kind !== expected.outcome) return { what: "outcome", expected: expected.outcome, actual: kind };
  if (by !== expected.by) return { what: "by", expected: expected.by, actual: by };
  const said = texts.join("\n");
  const isThere = said.toLowerCase().includes(expected.contains.toLowerCase());
  if (!isThere) return { what: "contains", expected: expected.contains, actual: said };
  if (expected.arrived === undefined || expected.arrived === arrived) return undefined;
  return { what: "arrived", expected: expected.arrived, actual: arrived };
}
