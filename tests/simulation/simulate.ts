/** `deno task simulate`; docs/simulation.md tells how to use it. Exits with 1 on a violation. */
import { parseArgs } from "node:util";
import { bugNames } from "@tests/simulation/bugs.ts";
import { runSeeds } from "@tests/simulation/seeds.ts";
import { type Outcome, simulate } from "@tests/simulation/simulation.ts";
import { startMongo, type TestMongo } from "@tests/support/mongo_server.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    from: { type: "string", default: "1" },
    bug: { type: "string" },
    store: { type: "string", default: "sqlite" },
    trace: { type: "boolean", default: false },
  },
});
const bug = bugNames.find((name) => name === values.bug);
if (values.bug !== undefined && bug === undefined) {
  throw new RangeError(`Cannot simulate: --bug is "${values.bug}", wants one of ${bugNames.join(", ")}`);
}
const [from, count] = [Number(values.from), Number(values.seeds)];
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(count) || count < 1) {
  throw new RangeError("Cannot simulate: --from and --seeds want whole numbers, --seeds at least 1");
}

if (!["sqlite", "mongodb"].includes(values.store)) {
  throw new RangeError(`Cannot simulate: --store is "${values.store}", wants sqlite or mongodb`);
}

await using server = values.store === "mongodb" ? await mustStart() : undefined;
const mongo = server?.uri;
const reached: Record<string, number> = {};
let failed = 0;
if (values.trace) {
  for (let seed = from; seed < from + count; seed++) take(await simulate(seed, { bug, mongo, onLine: print }));
} else await runSeeds({ from, count, bug, mongo, onOutcome: take });
print(`${count} seeds, ${failed} failed; reached ${JSON.stringify(reached)}`);
Deno.exitCode = failed === 0 ? 0 : 1;

async function mustStart(): Promise<TestMongo> {
  const server = await startMongo();
  if ("unavailable" in server) throw new Error(`Cannot simulate: ${server.unavailable}`);
  return server;
}

function take(outcome: Outcome): void {
  const { seed, violations, trace } = outcome;
  for (const [name, times] of Object.entries(outcome.reached)) reached[name] = (reached[name] ?? 0) + times;
  if (violations.length === 0) return count === 1 ? print(`seed ${seed}: trace ${trace}`) : undefined;
  failed += 1;
  const again = `deno task simulate --from ${seed} --seeds 1${bug === undefined ? "" : ` --bug ${bug}`}${
    mongo === undefined ? "" : " --store mongodb"
  }`;
  print(`seed ${seed} failed, trace ${trace}; again: ${again}\n  ${violations.join("\n  ")}`);
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
