/** `deno task simulate --seed N` replays one seed; `--seeds N` runs seeds 1 to N. Exits with 1 on a violation. */
import { parseArgs } from "node:util";
import { type Outcome, simulate } from "@tests/simulation/simulation.ts";

const { values } = parseArgs({ options: { seed: { type: "string" }, seeds: { type: "string", default: "50" } } });
const first = Number(values.seed ?? 1);
const last = values.seed === undefined ? Number(values.seeds) : first;
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
  throw new RangeError("Cannot simulate: --seed and --seeds want whole numbers");
}

const reached: Record<string, number> = {};
const failed: Outcome[] = [];
for (let seed = first; seed <= last; seed++) {
  const outcome = await simulate(seed);
  for (const [name, times] of Object.entries(outcome.reached)) reached[name] = (reached[name] ?? 0) + times;
  if (outcome.violations.length === 0) continue;
  failed.push(outcome);
  print(`seed ${seed} failed; again: deno task simulate --seed ${seed}\n  ${outcome.violations.join("\n  ")}`);
}
if (values.seed !== undefined) print((await simulate(first)).applied.join("\n"));
print(`${last - first + 1} seeds, ${failed.length} failed; reached ${JSON.stringify(reached)}`);
Deno.exitCode = failed.length === 0 ? 0 : 1;

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
