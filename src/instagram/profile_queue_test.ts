import assert from "node:assert/strict";
import { ProfileQueue } from "@/instagram/profile_queue.ts";

const noon = new Date("2026-11-24T12:00:00Z");

function after(minutes: number): Date {
  return new Date(noon.getTime() + minutes * 60_000);
}

Deno.test("ProfileQueue gives contacts in order, each once", () => {
  const queue = new ProfileQueue(10);
  for (const id of ["a", "b", "a"]) queue.add(id);
  assert.deepEqual([queue.next(noon), queue.next(noon), queue.next(noon)], ["a", "b", undefined]);
});

Deno.test("ProfileQueue lets a contact wait longer after each failure, however often they write meanwhile", () => {
  const queue = new ProfileQueue(10);
  queue.add("a");
  const waits: number[] = [];
  let now = noon;
  for (let count = 0; count < 7; count += 1) {
    queue.next(now);
    queue.failed("a", now);
    assert.equal(queue.add("a"), false);
    const dueAt = queue.nextAt() ?? noon;
    assert.equal(queue.next(new Date(dueAt.getTime() - 1)), undefined);
    waits.push((dueAt.getTime() - now.getTime()) / 60_000);
    now = dueAt;
  }
  assert.deepEqual(waits, [1, 4, 16, 64, 256, 360, 360]);
});

Deno.test("ProfileQueue does not count a pause of the account's as the contact's failure", () => {
  const queue = new ProfileQueue(10);
  queue.putOff("a", after(30));
  assert.equal(queue.next(after(29)), undefined);
  assert.equal(queue.next(after(30)), "a");
  queue.failed("a", after(30));
  assert.deepEqual(queue.nextAt(), after(31));
});

Deno.test("ProfileQueue does not ask again what is settled, and does ask what was only passed over", () => {
  const queue = new ProfileQueue(10);
  queue.settle("a");
  queue.drop("b");
  assert.deepEqual([queue.add("a"), queue.add("b")], [false, true]);
});

Deno.test("ProfileQueue keeps no more than its capacity of each sort", () => {
  const queue = new ProfileQueue(2);
  assert.deepEqual(["a", "b", "c"].map((id) => queue.add(id)), [true, true, false]);
  for (const id of ["d", "e", "f"]) queue.failed(id, noon);
  const due = ["a", "b"].map(() => queue.next(after(9)));
  assert.deepEqual(due, ["a", "b"]);
  assert.equal(queue.add("f"), true, "the third found no room and is not waiting");
});
