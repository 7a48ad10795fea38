/** Runs seeds on several threads, each with a world of its own. */
import type { BugName } from "@tests/simulation/bugs.ts";
import type { Outcome } from "@tests/simulation/simulation.ts";

/** One thread's share. */
export interface Share {
  readonly seeds: readonly number[];
  readonly bug?: BugName;
  /** The MongoDB server; absent: the embedded store is simulated. */
  readonly mongo?: string;
  /** Nothing more is run after the first seed that breaks one of these invariants. */
  readonly until: readonly string[];
}

export interface RunOptions extends Partial<Omit<Share, "seeds">> {
  readonly from: number;
  readonly count: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

const threads = 2;

/** Answers the outcomes in order of the seeds. */
export async function runSeeds({ from, count, bug, mongo, until = [], onOutcome }: RunOptions): Promise<Outcome[]> {
  const seeds = Array.from({ length: count }, (_, index) => from + index);
  const shares = Array.from({ length: Math.min(threads, count) }, (_, own): Share => ({
    seeds: seeds.filter((_, index) => index % threads === own),
    bug,
    mongo,
    until,
  }));
  const outcomes = await Promise.all(shares.map((share) => runShare(share, onOutcome)));
  return outcomes.flat().sort((a, b) => a.seed - b.seed);
}

/** Whether the seed broke one of the invariants. */
export function hasBroken({ violations }: Outcome, invariants: readonly string[]): boolean {
  return invariants.some((name) => violations.some((violation) => violation.startsWith(`(${name})`)));
}

function runShare(share: Share, onOutcome?: (outcome: Outcome) => void): Promise<Outcome[]> {
  const worker = new Worker(new URL("./seed_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>();
  const outcomes: Outcome[] = [];
  worker.onmessage = ({ data }: MessageEvent<Outcome | "done">) => {
    if (data === "done") return resolve(outcomes);
    outcomes.push(data);
    onOutcome?.(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`Cannot simulate: ${event.message}`));
  };
  worker.postMessage(share);
  return promise.finally(() => worker.terminate());
}
