import assert from "node:assert/strict";
import fc from "fast-check";
import { isFresh, paceOf } from "@/outbound/pace.ts";

Deno.test("paceOf() keeps two POSTs 1/perSecond apart, however late a slot is used (C10)", () => {
  fc.assert(fc.property(fc.double({ min: 0.1, max: 20, noNaN: true }), (perSecond) => {
    const { intervalMs, toleranceMs } = paceOf(perSecond, 300);
    assert.ok(intervalMs - toleranceMs >= 1_000 / perSecond);
    assert.ok(toleranceMs >= 0 && toleranceMs <= 300);
  }));
});

Deno.test("paceOf() spaces 20 a second by 65 ms and 3 a second by 434 ms", () => {
  assert.deepEqual(paceOf(20, 300), { intervalMs: 65, toleranceMs: 15 });
  assert.deepEqual(paceOf(3, 300), { intervalMs: 434, toleranceMs: 100 });
});

Deno.test("isFresh() refuses a slot that has not come and one that is too old", () => {
  const slot = new Date("2026-11-24T12:00:00Z");
  const after = (ms: number): Date => new Date(slot.getTime() + ms);
  const pace = paceOf(20, 300);
  assert.deepEqual([-1, 0, 15, 16].map((ms) => isFresh(slot, pace, after(ms))), [false, true, true, false]);
});
