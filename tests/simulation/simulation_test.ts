import assert from "node:assert/strict";
import { type BugName, bugNames, bugs } from "@tests/simulation/bugs.ts";
import { hasBroken, runSeeds } from "@tests/simulation/seeds.ts";
import { type Outcome, simulate } from "@tests/simulation/simulation.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** Seeds of the test; other ranges are for `deno task simulate`. */
const range = { from: 1, count: 500 };

/** A seed on MongoDB takes about as long as ten. */
const mongoRange = { from: 1, count: 30 };

/** Things that must have happened, or the seeds test less than they seem to. */
const wanted = [
  "crash",
  "conflict",
  "supersede",
  "pulledBack",
  "decidedAnew",
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

/** What only a store can meet whose commits are several writes. */
const wantedOfMongo = ["crash", "conflict", "lineBroke", "redoFinishedByOther", "leaseTakeover", "sentByEcho", "found"];

function tell({ seed, violations, trace }: Outcome): string {
  return `seed ${seed} (deno task simulate --from ${seed} --seeds 1, on MongoDB with --store mongodb), trace ${trace}:\n  ${
    violations.join("\n  ")
  }`;
}

/** No invariant is broken, and each of the rare things has happened. */
function mustHold(outcomes: readonly Outcome[], rare: readonly string[]): void {
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  assert.equal(failed.map(tell).join("\n"), "");
  const reached = (name: string): number => outcomes.reduce((sum, one) => sum + (one.reached[name] ?? 0), 0);
  assert.deepEqual(rare.filter((name) => reached(name) === 0), []);
}

let running: Promise<readonly Outcome[]> | undefined;

/** The outcomes of the whole range, run once for all tests. */
function outcomesOfRange(): Promise<readonly Outcome[]> {
  return running ??= runSeeds(range);
}

Deno.test(`${range.count} seeds of faults and crashes break no invariant (C1, C2, C4 to C23, C25, C26, C30)`, async () => {
  const outcomes = await outcomesOfRange();
  mustHold(outcomes, wanted);
});

Deno.test("a seed replays exactly: the same events in the same order, and the same rows at the end", async () => {
  const first = (await outcomesOfRange()).slice(0, 50).map(({ trace }) => trace);
  const again = (await runSeeds({ from: range.from, count: 50 })).map(({ trace }) => trace);
  assert.deepEqual(again, first);
  assert.equal(new Set(first).size, 50);
});

function isOfMongo(name: BugName): boolean {
  return "tampering" in bugs[name];
}

for (const name of bugNames.filter((name) => !isOfMongo(name))) {
  Deno.test(`the simulation catches that ${describe(name)}`, () => mustCatch(name));
}

function describe(name: BugName): string {
  return `${bugs[name].mistake} (${bugs[name].breaks.join(", ")})`;
}

async function mustCatch(name: BugName, mongo?: string): Promise<void> {
  const { breaks } = bugs[name];
  const outcomes = await runSeeds({ from: 1, count: 120, bug: name, mongo, until: breaks });
  const found = outcomes.flatMap(({ violations }) => violations).join("\n");
  assert.ok(outcomes.some((outcome) => hasBroken(outcome, breaks)), `not caught in ${outcomes.length} seeds: ${found}`);
}

Deno.test("a bug's seed replays as well", async () => {
  const [first, second] = [await simulate(3, { bug: "sendsInBursts" }), await simulate(3, { bug: "sendsInBursts" })];
  assert.deepEqual(second, first);
});

await withMongo(({ uri: mongo }) => {
  Deno.test(`MongoDB: ${mongoRange.count} seeds, with ends between any two commands, break no invariant and replay`, async () => {
    const outcomes = await runSeeds({ ...mongoRange, mongo });
    mustHold(outcomes, wantedOfMongo);
    const again = await runSeeds({ from: mongoRange.from, count: 6, mongo });
    assert.deepEqual(again.map(({ trace }) => trace), outcomes.slice(0, 6).map(({ trace }) => trace));
  });

  for (const name of bugNames.filter(isOfMongo)) {
    Deno.test(`MongoDB: the simulation catches that ${describe(name)}`, () => mustCatch(name, mongo));
  }
});
