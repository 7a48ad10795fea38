import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { measureChain, measureLoading } from "../bench/rules.ts";

/** What the work itself takes: other tests on the same cores do not count. `deno task bench` measures by the clock. */
function cpuTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

Deno.test("50 rules with 500 keywords take less than 1 ms a turn at the 95th percentile", async () => {
  const { median, p95 } = await measureChain(cpuTime);
  assert.ok(p95 < 1, `median ${median.toFixed(3)} ms, p95 ${p95.toFixed(3)} ms`);
});

Deno.test("1,000 rule files are read, checked and tried in less than 2 s", async () => {
  const tookMs = await measureLoading(cpuTime);
  assert.ok(tookMs < 2_000, `took ${Math.round(tookMs)} ms`);
});
