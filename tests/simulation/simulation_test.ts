import assert from "node:assert/strict";
import { bugNames, bugs } from "@tests/simulation/bugs.ts";
import { hasBroken, runSeeds } from "@tests/simulation/seeds.ts";
import { type Outcome, simulate } from "@tests/simulation/simulation.ts";

/** Seeds of the test; other ranges are for `deno task simulate`. */
const range = { from: 1, count: 500 };

/** Things that must have happened, or the seeds test less than they seem to. */
const wanted = [
  "crash",
  "conflict",
  "supersede",
  "pulledBack",
  "forced",
  "leaseTakeover",
  "sentByEcho",
  "sentByReadBack",
  "released",
  "held",
  "expired",
  "found",
  "tokenEnded",
  "draftSent",
  "followedUp",
];

function tell({ seed, violations, trace }: Outcome): string {
  return `seed ${seed} (deno task simulate --from ${seed} --seeds 1), trace ${trace}:\n  ${violations.join("\n  ")}`;
}

let running: Promise<readonly Outcome[]> | undefined;

/** The outcomes of the whole range, run once for all tests. */
function outcomesOfRange(): Promise<readonly Outcome[]> {
  return running ??= runSeeds(range);
}

Deno.test(`${range.count} seeds of faults and crashes break no invariant (C1, C2, C4 to C23, C25, C26, C30)`, async () => {
  const outcomes = await outcomesOfRange();
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  assert.equal(failed.map(tell).join("\n"), "");
  const reached = (name: string): number => outcomes.reduce((sum, one) => sum + (one.reached[name] ?? 0), 0);
  assert.deepEqual(wanted.filter((name) => reached(name) === 0), []);
});

Deno.test("a seed replays exactly: the same events in the same order, and the same rows at the end", async () => {
  const first = (await outcomesOfRange()).slice(0, 50).map(({ trace }) => trace);
  const again = (await runSeeds({ from: range.from, count: 50 })).map(({ trace }) => trace);
  assert.deepEqual(again, first);
  assert.equal(new Set(first).size, 50);
});

for (const name of bugNames) {
  const { mistake, breaks } = bugs[name];
  Deno.test(`the simulation catches that ${mistake} (${breaks.join(", ")})`, async () => {
    const outcomes = await runSeeds({ from: 1, count: 120, bug: name, until: breaks });
    const found = outcomes.flatMap(({ violations }) => violations).join("\n");
    assert.ok(
      outcomes.some((outcome) => hasBroken(outcome, breaks)),
      `not caught in ${outcomes.length} seeds: ${found}`,
    );
  });
}

Deno.test("a bug's seed replays as well", async () => {
  const [first, second] = [await simulate(3, { bug: "sendsInBursts" }), await simulate(3, { bug: "sendsInBursts" })];
  assert.deepEqual(second, first);
});
