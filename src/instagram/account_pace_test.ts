import assert from "node:assert/strict";
import fc from "fast-check";
import { accountPace, agedUsage, paceFactor, usageOfStrikes } from "@/instagram/account_pace.ts";

const noon = new Date("2026-11-24T12:00:00Z");
const minute = 60_000;

function later(ms: number): Date {
  return new Date(noon.getTime() + ms);
}

Deno.test("paceFactor() is the whole pace up to half of the limit, and ever less from there", () => {
  assert.deepEqual([0, 50, 75, 90, 100, 130].map(paceFactor), [1, 1, 0.5, 0.2, 0.02, 0.02]);
});

Deno.test("paceFactor() never grows with the usage, and never stands still", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true }), (a, b) => {
      assert.ok(paceFactor(a + b) <= paceFactor(a));
      assert.ok(paceFactor(a) > 0 && paceFactor(a) <= 1);
    }),
  );
});

Deno.test("a reading fades within an hour, so that an account that nobody uses recovers", () => {
  const reading = { value: 100, at: noon };
  assert.deepEqual([0, 15, 30, 60].map((minutes) => agedUsage(reading, later(minutes * minute))), [
    100,
    75,
    50,
    undefined,
  ]);
});

Deno.test("accountPace() says how fast, why slower, and until when not at all", () => {
  const limit = { strikes: 1, reading: { value: 80, at: noon }, pausedUntil: later(30_000), reason: "too many calls" };
  assert.deepEqual(accountPace({ settings: { sendsPerSecond: 5 } }, limit, noon), {
    perSecond: 2,
    factor: 0.4,
    usagePercent: 80,
    pausedUntil: later(30_000),
    reason: "too many calls",
  });
  assert.deepEqual(accountPace({ settings: {} }, undefined, noon), { perSecond: 3, factor: 1 });
});

Deno.test("being throttled slows down more each time, where no header says how much", () => {
  assert.deepEqual([1, 2, 3, 9].map(usageOfStrikes), [75, 85, 95, 95]);
});
