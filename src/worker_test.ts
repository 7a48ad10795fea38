import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { Worker } from "@/worker.ts";

Deno.test("Worker.drain() repeats the step until nothing is due and counts what it did", async () => {
  const batches = [3, 2, 0, 7];
  const worker = new Worker({
    name: "test",
    clock: new ManualClock(),
    step: () => Promise.resolve(batches.shift() ?? 0),
  });
  assert.equal(await worker.drain(), 5);
  assert.deepEqual(batches, [7]);
});

Deno.test("Worker.run() works at once when it is woken, without waiting for the poll", async () => {
  const stop = new AbortController();
  const looks: (() => void)[] = [];
  const nextLook = (): Promise<void> => new Promise((resolve) => looks.push(resolve));
  const step = (): Promise<number> => {
    looks.shift()?.();
    return Promise.resolve(0);
  };
  const worker = new Worker({ name: "test", clock: new ManualClock(), step });
  const first = nextLook();
  const running = worker.run(stop.signal);
  await first;
  const second = nextLook();
  worker.wake();
  await second;
  stop.abort();
  await running;
});

Deno.test("Worker.run() looks again when the next thing falls due, and not before", async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  let looks = 0;
  const looked = Promise.withResolvers<void>();
  const dueAt = new Date(clock.now().getTime() + 400);
  const worker = new Worker({
    name: "test",
    clock,
    step: () => {
      looks += 1;
      if (looks === 2) looked.resolve();
      return Promise.resolve(0);
    },
    nextAt: () => Promise.resolve(dueAt),
  });
  const running = worker.run(stop.signal);
  while (looks === 0) await Promise.resolve();
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
  clock.advance(399);
  assert.equal(looks, 1);
  clock.advance(1);
  await looked.promise;
  stop.abort();
  await running;
});

Deno.test("Worker.run() does not look all the time when its clock is ahead of the store's", async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  let looks = 0;
  const storeNow = (): Date => new Date(clock.now().getTime() - 600_000);
  const worker = new Worker({
    name: "test",
    clock,
    step: () => Promise.resolve((looks += 1) * 0),
    now: storeNow,
    nextAt: () => Promise.resolve(new Date(storeNow().getTime() + 400)),
  });
  const running = worker.run(stop.signal);
  for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
  assert.equal(looks, 1);
  stop.abort();
  await running;
});

Deno.test("Worker.run() goes on after a step that throws, and says meanwhile that it is not well", async () => {
  const clock = ManualClock.jumping();
  const stop = new AbortController();
  const recovered = Promise.withResolvers<boolean>();
  let looks = 0;
  const worker: Worker = new Worker({
    name: "test",
    clock,
    step: () => {
      looks += 1;
      if (looks < 3) return Promise.reject(new Error("down"));
      recovered.resolve(worker.healthy);
      stop.abort();
      return Promise.resolve(0);
    },
  });
  const running = worker.run(stop.signal);
  assert.equal(await recovered.promise, false);
  await running;
  assert.equal(worker.healthy, true);
});

Deno.test("Worker is well again with the first thing that it does, however much is left", async () => {
  const clock = ManualClock.jumping();
  const stop = new AbortController();
  const recovered = Promise.withResolvers<boolean>();
  let looks = 0;
  const worker: Worker = new Worker({
    name: "test",
    clock,
    step: () => {
      looks += 1;
      if (looks === 1) return Promise.reject(new Error("down"));
      if (looks === 3) {
        recovered.resolve(worker.healthy);
        stop.abort();
      }
      return Promise.resolve(1);
    },
  });
  const running = worker.run(stop.signal);
  assert.equal(await recovered.promise, true);
  await running;
});

Deno.test("Worker.run() waits longer after each failure, 5 s at most", async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const pauses: number[] = [];
  clock.wait = (ms) => {
    pauses.push(ms);
    if (pauses.length === 7) stop.abort();
    return Promise.resolve();
  };
  const worker = new Worker({ name: "test", clock, step: () => Promise.reject(new Error("down")) });
  await worker.run(stop.signal);
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
});
