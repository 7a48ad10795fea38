/** In small what `deno task chaos` does in full: 200 kills, and 20,000 events with one request in five faulty. */
import assert from "node:assert/strict";
import { type ChaosReport, faultsAt, runChaos } from "@tests/support/chaos.ts";

function judge({ lost, twice, outOfOrder, overlaps }: ChaosReport): void {
  assert.deepEqual({ lost, twice, outOfOrder, overlaps }, { lost: [], twice: [], outOfOrder: [], overlaps: 0 });
}

Deno.test({
  name: "kill -9 at random moments under load: nothing lost, nothing twice, nothing out of order (C1, C7, C9)",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const report = await runChaos({ contacts: 6, texts: 10, kills: 5, faults: faultsAt(0.02), seed: 11 });
    judge(report);
    assert.equal(report.kills, 5);
  },
});

Deno.test({
  name: "one request in five goes wrong: nothing lost, nothing twice, nothing out of order (C7, C9, C14)",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const report = await runChaos({ contacts: 20, texts: 10, burst: 5, kills: 0, faults: faultsAt(0.2), seed: 12 });
    judge(report);
    assert.ok(report.faultyRequests > 0, "some requests went wrong");
  },
});
