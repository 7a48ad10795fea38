import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import { CaseClock, CaseConversation } from "@/simulator/cases/case_conversation.ts";
import type { Simulation, SimulationStep, Turn, TurnOutcome } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** How a case went; without a difference it passed. */
export interface CaseRun {
  readonly simulation: Simulation;
  readonly difference?: CaseDifference;
}

/** Where a case first went otherwise; `step` counts from 1. */
export type CaseDifference = StepDifference & { readonly step: number };

/** `contains`: the words are missing, and `actual` is what was said. */
export type StepDifference =
  | { readonly what: "undecided" }
  | { readonly what: "outcome"; readonly expected: TurnOutcome["kind"]; readonly actual: TurnOutcome["kind"] }
  | { readonly what: "by" | "contains"; readonly expected: string; readonly actual: string };

export interface CaseRunnerDeps {
  /** What is live: settings and knowledge are read from it, and nothing is written. */
  readonly store: Pick<Store, "accounts" | "knowledge">;
  readonly rules: Pick<RuleBook, "run">;
  readonly agent: Agent;
  /** Opens an empty store that is forgotten when it is closed. */
  readonly openSpace: (clock: Clock) => Promise<Store>;
}

/**
 * Runs saved cases through the stages that decide on live messages: receiving, debounce, checks, rules, agent, commit.
 * Each run has a store of its own, so that nothing of it is ever among what is live, and a clock that does not wait.
 */
export class CaseRunner {
  readonly #deps: CaseRunnerDeps;

  constructor(deps: CaseRunnerDeps) {
    this.#deps = deps;
  }

  /** One after the other, in their order. Cases of an account that is not there are left out. */
  async run(simulations: readonly Simulation[]): Promise<readonly CaseRun[]> {
    const runs: CaseRun[] = [];
    for (const simulation of simulations) {
      const run = await this.#runOne(simulation);
      if (run !== undefined) runs.push(run);
    }
    return runs;
  }

  async #runOne(simulation: Simulation): Promise<CaseRun | undefined> {
    const { store, rules, agent, openSpace } = this.#deps;
    const account = await store.accounts.get(simulation.accountId);
    if (account === undefined) return undefined;
    const clock = new CaseClock();
    clock.moveTo(simulation.steps[0]?.at ?? simulation.savedAt);
    await using space = await openSpace(clock);
    const { id, username, settings } = account;
    const stamps = { ver: 0, createdAt: clock.now(), updatedAt: clock.now() };
    await space.accounts.put({ id, username, settings, state: "active", ...stamps }, 0);
    for (const document of await store.knowledge.list(id)) await space.knowledge.put({ ...document, ver: 0 }, 0);
    const deps = { store: space, rules, agent, retryDelayMs: () => 1_000 };
    const conversation = new CaseConversation({
      psid: "1",
      simulation,
      settings: resolveSettings(settings),
      clock,
      deps,
    });
    const difference = await firstDifference(simulation.steps, conversation);
    return difference === undefined ? { simulation } : { simulation, difference };
  }
}

async function firstDifference(
  steps: readonly SimulationStep[],
  conversation: CaseConversation,
): Promise<CaseDifference | undefined> {
  for (const [index, step] of steps.entries()) {
    const difference = compare(step, await conversation.take(step));
    if (difference !== undefined) return { step: index + 1, ...difference };
  }
  return undefined;
}

function compare({ expected }: SimulationStep, turn: Turn | undefined): StepDifference | undefined {
  if (turn === undefined) return { what: "undecided" };
  const { kind, by, texts } = turn.outcome;
  if (kind !== expected.outcome) return { what: "outcome", expected: expected.outcome, actual: kind };
  if (by !== expected.by) return { what: "by", expected: expected.by, actual: by };
  const said = texts.join("\n");
  const isThere = said.toLowerCase().includes(expected.contains.toLowerCase());
  return isThere ? undefined : { what: "contains", expected: expected.contains, actual: said };
}
