/**
 * `deno task chaos kills` · `deno task chaos faults`: what `crash_test.ts` does in small, in full. Ends with status 1
 * when anything was lost, sent twice or sent out of order.
 */
import { type ChaosOptions, faultsAt, runChaos } from "@tests/support/chaos.ts";

const runs: Readonly<Record<string, Omit<ChaosOptions, "seed">>> = {
  /** 200 `kill -9` at random moments under load, one request in fifty faulty. */
  kills: { contacts: 20, texts: 500, kills: 200, faults: faultsAt(0.02) },
  /** 20,000 events in bursts, one request in five faulty from the first to the last. */
  faults: {
    contacts: 100,
    texts: 200,
    burst: 10,
    debounceMs: 1_000,
    patienceMs: 120_000,
    kills: 0,
    faults: faultsAt(0.2),
    faultsUntil: "rest",
  },
};

const [name = "kills", seed = "1"] = Deno.args;
const options = runs[name];
if (options === undefined) throw new RangeError(`Cannot run "${name}": wants ${Object.keys(runs).join(" or ")}`);
const report = await runChaos({ ...options, seed: Number(seed) });
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`));
const isRight = report.lost.length + report.twice.length + report.outOfOrder.length + report.overlaps === 0;
Deno.exit(isRight ? 0 : 1);
