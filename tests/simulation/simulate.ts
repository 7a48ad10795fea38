/**
 * `deno task simulate --seed N` runs one seed; `--seeds N` runs seeds 1 to N. Exits with 1 on a violation. A seed chooses
 * the events and the faults, not yet the order of everything that is under way: it does not replay exactly, so this
 * is a search by hand and no test. `--bug NAME` puts one of the bugs in that the checks must catch.
 */
import { parseArgs } from "node:util";
import { type Outcome, simulate } from "@tests/simulation/simulation.ts";
import { bugs } from "@tests/simulation/watched_store.ts";

const { values } = parseArgs({
  options: { seed: { type: "string" }, seeds: { type: "string", default: "50" }, bug: { type: "string" } },
});
const bug = bugs.find((name) => name === values.bug);
if (values.bug !== undefined && bug === undefined) {
  throw new RangeError(`Cannot simulate: --bug is "${values.bug}", wants one of ${bugs.join(", ")}`);
}
const first = Number(values.seed ?? 1);
const last = values.seed === undefined ? Number(values.seeds) : first;
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
  throw new RangeError("Cannot simulate: --seed and --seeds want whole numbers");
}

const reached: Record<string, number> = {};
const failed: Outcome[] = [];
for (let seed = first; seed <= last; seed++) {
  const outcome = await simulate(seed, bug);
  for (const [name, times] of Object.entries(outcome.reached)) reached[name] = (reached[name] ?? 0) + times;
  if (outcome.violations.length === 0) continue;
  failed.push(outcome);
  print(`seed ${seed} failed; again: deno task simulate --seed ${seed}\n  ${outcome.violations.join("\n  ")}`);
}
print(`${last - first + 1} seeds, ${failed.length} failed; reached ${JSON.stringify(reached)}`);
Deno.exitCode = failed.length === 0 ? 0 : 1;

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
