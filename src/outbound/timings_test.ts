import assert from "node:assert/strict";
import { defaultTimings, resolveTimings } from "@/outbound/timings.ts";

Deno.test("resolveTimings() keeps the defaults of what is not given", () => {
  assert.deepEqual(resolveTimings({ settleMs: 5 }), { ...defaultTimings, settleMs: 5 });
});

Deno.test("resolveTimings() refuses a lease that could end before a slot was waited for and a POST has ended", () => {
  const message = /1.2 times slotWaitMs and requestMs together \(20000\)/;
  assert.throws(() => resolveTimings({ leaseMs: 24_000 }), { name: "RangeError", message });
});
