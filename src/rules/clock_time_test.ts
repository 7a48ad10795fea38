import assert from "node:assert/strict";
import { nextClockTime } from "@/rules/clock_time.ts";

const madrid = "Europe/Madrid";

Deno.test("nextClockTime() is later today, or tomorrow when the clocks have shown it", () => {
  assert.deepEqual(nextClockTime(new Date("2026-11-24T07:00:00Z"), madrid, "09:00"), new Date("2026-11-24T08:00:00Z"));
  assert.deepEqual(nextClockTime(new Date("2026-11-24T08:00:00Z"), madrid, "09:00"), new Date("2026-11-25T08:00:00Z"));
});

Deno.test("nextClockTime() follows the clocks when they change", () => {
  // 2026-03-29: 02:00 becomes 03:00; 2026-10-25: 03:00 becomes 02:00.
  const spring = new Date("2026-03-28T20:00:00Z");
  assert.deepEqual(nextClockTime(spring, madrid, "09:00"), new Date("2026-03-29T07:00:00Z"));
  assert.deepEqual(nextClockTime(spring, madrid, "02:30"), new Date("2026-03-29T01:30:00Z"));
  const autumn = new Date("2026-10-24T20:00:00Z");
  assert.deepEqual(nextClockTime(autumn, madrid, "09:00"), new Date("2026-10-25T08:00:00Z"));
  assert.deepEqual(nextClockTime(autumn, madrid, "02:30"), new Date("2026-10-25T00:30:00Z"));
});
