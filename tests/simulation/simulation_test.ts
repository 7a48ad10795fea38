import assert from "node:assert/strict";
import { type Outcome, simulate } from "@tests/simulation/simulation.ts";
import { type Bug, bugs } from "@tests/simulation/watched_store.ts";

const seeds = 50;

/** The rare things that the seeds together must come by: what never happened was not tested. */
const rarities = [
  "sentByEcho",
  "sentByReadBack",
  "released",
  "held",
  "supersede",
  "pulledBack",
  "forced",
  "conflict",
  "leaseTakeover",
  "crash",
];

/** Seeds within which a mistake that was put in must show. */
const patience = 40;

/** The invariants of which at least one must be named when the mistake is caught. */
const caughtBy: Readonly<Record<Bug, readonly string[]>> = {
  ignoresVersion: ["(C22)"],
  requeuesUnsettled: ["(C7)"],
  missesTakeover: ["(C13)"],
  sendsInBursts: ["(C10)"],
  forgetsClicks: ["(C15)"],
};

Deno.test("every seed keeps C2, C6 to C11, C13 to C15, C18, C21 and C22, and the rare things do happen", async () => {
  const reached: Record<string, number> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await simulate(seed);
    assert.deepEqual(outcome.violations, [], `again: deno task simulate --seed ${seed}`);
    for (const [name, times] of Object.entries(outcome.reached)) reached[name] = (reached[name] ?? 0) + times;
  }
  assert.deepEqual(rarities.filter((name) => reached[name] === undefined), [], JSON.stringify(reached));
});

Deno.test("a seed plays the same each time", async () => {
  assert.deepEqual(await simulate(7), await simulate(7));
});

for (const bug of bugs) {
  Deno.test(`the simulation catches a Moca that ${bug}`, async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= patience; seed++) {
      const { violations }: Outcome = await simulate(seed, bug);
      for (const violation of violations) seen.add(violation.slice(0, violation.indexOf(")") + 1));
      if (caughtBy[bug].some((invariant) => seen.has(invariant))) return;
    }
    assert.fail(`not caught in ${patience} seeds; seen: ${[...seen].join(" ")}`);
  });
}
