import assert from "node:assert/strict";
import fc from "fast-check";
import { isFresh, paceOf, postTime } from "@/outbound/pace.ts";

/** By how much the ways of two POSTs to Instagram may differ. */
const wayMs = 60;

Deno.test("paceOf() lets any second see at most so many POSTs, however late each begins and however long its way (C10)", () => {
  const lateness = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 60 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), lateness, (perSecond, late) => {
    const { intervalMs, toleranceMs } = paceOf(perSecond, 300);
    const posts = late.map((share, index) => index * intervalMs + share * (toleranceMs + wayMs));
    for (const from of posts) {
      const within = posts.filter((at) => at >= from && at < from + 1_000).length;
      assert.ok(within <= perSecond, `${within} within a second, at ${perSecond} a second`);
    }
  }));
});

Deno.test("paceOf() keeps two POSTs 1/perSecond apart when it is slower than one a second (C10)", () => {
  fc.assert(fc.property(fc.double({ min: 0.1, max: 1, noNaN: true }), (perSecond) => {
    const { intervalMs, toleranceMs } = paceOf(perSecond, 300);
    assert.ok(intervalMs - toleranceMs >= 1_000 / perSecond);
  }));
});

Deno.test("paceOf() gives up ten in a hundred of the pace, no more", () => {
  assert.deepEqual(paceOf(20, 300), { intervalMs: 55, toleranceMs: 40, gapMs: 50 });
  assert.deepEqual(paceOf(3, 300), { intervalMs: 367, toleranceMs: 40, gapMs: 334 });
});

Deno.test("postTime() keeps the posts of one process apart when the one before was late", () => {
  const slot = new Date("2026-11-24T12:00:00Z");
  const after = (ms: number): Date => new Date(slot.getTime() + ms);
  const pace = paceOf(20, 300);
  assert.deepEqual(postTime(slot, pace, undefined), slot);
  assert.deepEqual(postTime(slot, pace, after(-55)), slot);
  assert.deepEqual(postTime(slot, pace, after(-10)), after(40));
});

Deno.test("isFresh() refuses a slot that has not come and one that is too old", () => {
  const slot = new Date("2026-11-24T12:00:00Z");
  const after = (ms: number): Date => new Date(slot.getTime() + ms);
  const pace = paceOf(20, 300);
  assert.deepEqual([-1, 0, 40, 41].map((ms) => isFresh(slot, pace, after(ms))), [false, true, true, false]);
});
