import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { importLimitMs, loadCodeRule } from "@/rules/load_code_rule.ts";

Deno.test("loadCodeRule() gives up on a file whose top level never ends", async () => {
  const clock = new ManualClock();
  const url = `data:text/typescript,${encodeURIComponent("await new Promise(() => {});")}`;
  const loading = loadCodeRule({ file: "10_a.ts", url, hash: "1", text: "" }, clock);
  clock.advance(importLimitMs);
  assert.deepEqual(await loading, {
    kind: "broken",
    faults: [{ reason: 'Cannot load rule "10_a.ts": it did not load within 5000 ms' }],
  });
});
