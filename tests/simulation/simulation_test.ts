import assert from "node:assert/strict";
import { bugNames, bugs } from "@tests/simulation/bugs.ts";
import { runSeeds } from "@tests/simulation/seeds.ts";
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
];

function tell({ seed, violations, trace }: Outcome): string {
  return `seed ${seed} (deno task simulate --from ${seed} --seeds 1), trace ${trace}:\n  ${violations.join("\n  ")}`;
}

Deno.test("a seed replays exactly: the same events in the same order, and the same rows at the end", async () => {
  const first = await runSeeds({ from: 1, count: 50 });
  const second = await runSeeds({ from: 1, count: 50 });
  assert.deepEqual(second.map(({ trace }) => trace), first.map(({ trace }) => trace));
  assert.equal(new Set(first.map(({ trace }) => trace)).size, 50);
});

Deno.test(`${range.count} seeds of faults and crashes break no invariant (C1, C2, C4 to C23, C25, C26)`, async () => {
  const outcomes = await runSeeds(range);
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  assert.equal(failed.map(tell).join("\n"), "");
  const reached = (name: string): number => outcomes.reduce((sum, one) => sum + (one.reached[name] ?? 0), 0);
  assert.deepEqual(wanted.filter((name) => reached(name) === 0), []);
});

for (const name of bugNames) {
  const { mistake, breaks } = bugs[name];
  Deno.test(`the simulation catches that ${mistake} (${breaks.join(", ")})`, async () => {
    const outcomes = await runSeeds({ from: 1, count: 60, bug: name, untilCaught: true });
    const found = outcomes.flatMap(({ violations }) => violations);
    const isCaught = breaks.some((invariant) => found.some((violation) => violation.startsWith(`(${invariant})`)));
    assert.ok(isCaught, `not caught in ${outcomes.length} seeds: ${found.join("\n")}`);
  });
}

Deno.test("a bug's seed replays as well", async () => {
  const [first, second] = [await simulate(3, { bug: "sendsInBursts" }), await simulate(3, { bug: "sendsInBursts" })];
  assert.deepEqual(second, first);
});
