import assert from "node:assert/strict";
import fc from "fast-check";
import { earliest, latest, turnDueAt } from "@/conversation/due_time.ts";
import { after, noon } from "@/conversation/testing.ts";

const options = { debounceMs: 3_500, debounceMaxMs: 20_000 };

Deno.test("turnDueAt() waits for quiet after the last message", () => {
  assert.deepEqual(turnDueAt(noon, after(2_000), options), after(5_500));
});

Deno.test("turnDueAt() does not let a contact who keeps typing put off the answer for ever", () => {
  assert.deepEqual(turnDueAt(noon, after(19_000), options), after(20_000));
});

Deno.test("turnDueAt() is never later than either limit, and meets one of them", () => {
  const ms = fc.integer({ min: 0, max: 120_000 });
  fc.assert(fc.property(ms, ms, ms, (last, debounceMs, debounceMaxMs) => {
    const dueAt = turnDueAt(noon, after(last), { debounceMs, debounceMaxMs });
    const limits = [after(last + debounceMs).getTime(), after(debounceMaxMs).getTime()];
    assert.equal(dueAt.getTime(), Math.min(...limits));
  }));
});

Deno.test("latest() and earliest() take the other when one is absent", () => {
  assert.equal(latest(undefined, noon), noon);
  assert.equal(latest(noon, undefined), noon);
  assert.equal(latest(undefined, undefined), undefined);
  assert.equal(earliest(undefined, noon), noon);
  assert.equal(latest(noon, after(1)).getTime(), after(1).getTime());
  assert.equal(earliest(noon, after(1)).getTime(), noon.getTime());
});
