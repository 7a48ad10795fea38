import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { furthestAheadMs, moveOn, resumeTime, SandboxClock } from "@/simulator/sandbox_clock.ts";

const hourMs = 3_600_000;

/** Whether the promise is settled by what has happened so far. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => done = true);
  await new Promise((resolve) => setTimeout(resolve));
  return done;
}

Deno.test("the sandbox's clock wakes who waits for an instant that it is moved past, and nobody else", async () => {
  const real = new ManualClock();
  const clock = new SandboxClock(real);
  const [soon, late] = [clock.wait(hourMs), clock.wait(25 * hourMs)];
  clock.moveOn(24 * hourMs);
  assert.deepEqual([await isDone(soon), await isDone(late)], [true, false]);
  real.advance(hourMs);
  assert.equal(await isDone(late), true);
  assert.equal(clock.now().getTime() - real.now().getTime(), 24 * hourMs);
});

Deno.test("a wait on the sandbox's clock ends with its signal", async () => {
  const stopping = new AbortController();
  const waiting = new SandboxClock(new ManualClock()).wait(hourMs, stopping.signal);
  stopping.abort();
  assert.equal(await isDone(waiting), true);
});

Deno.test("the sandbox's time is kept over a restart, and moves nobody out of a session", async () => {
  await using temporary = await openTemporaryStore();
  const store = temporary.one;
  const clock = new SandboxClock(new ManualClock());
  const [seenAt, expiresAt] = [store.now(), new Date(store.now().getTime() + hourMs)];
  await store.sessions.put({ id: "s", operator: "ana", csrfToken: "c", createdAt: seenAt, seenAt, expiresAt });
  assert.equal(await moveOn(clock, store, 24 * hourMs), "moved");
  const session = await store.sessions.get("s");
  assert.equal(session?.expiresAt.getTime(), expiresAt.getTime() + 24 * hourMs);
  const again = new SandboxClock(new ManualClock());
  await resumeTime(again, store);
  assert.equal(again.aheadMs, 24 * hourMs);
});

Deno.test("the sandbox's time is never more than 30 days ahead", async () => {
  await using temporary = await openTemporaryStore();
  const store = temporary.one;
  const clock = new SandboxClock(new ManualClock());
  assert.equal(await moveOn(clock, store, furthestAheadMs), "moved");
  assert.equal(await moveOn(clock, store, 1), "tooFar");
  assert.equal(clock.aheadMs, furthestAheadMs);
});
