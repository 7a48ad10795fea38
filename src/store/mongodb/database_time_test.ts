import assert from "node:assert/strict";
import { DatabaseTime } from "@/store/mongodb/database_time.ts";
import { openMongoStore } from "@/store/mongodb/mongodb_store.ts";
import { StoreUnavailableError } from "@/store/store.ts";
import { afterNoon, noon } from "@/store/testing/factories.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

Deno.test("DatabaseTime goes by the database's time, whatever this machine's is (C23)", async () => {
  for (const wrongMs of [-600_000, 0, 600_000]) {
    const clock = new ManualClock(afterNoon(wrongMs));
    const time = new DatabaseTime(clock, () => Promise.resolve(noon));
    await time.refresh();
    clock.advance(5_000);
    assert.deepEqual(time.now(), afterNoon(5_000));
  }
});

Deno.test("DatabaseTime takes the middle of the round trip for the instant of the answer", async () => {
  const clock = new ManualClock();
  const time = new DatabaseTime(clock, () => {
    clock.advance(200);
    return Promise.resolve(afterNoon(1_100));
  });
  await time.refresh();
  assert.deepEqual(time.now(), afterNoon(1_200));
});

Deno.test("DatabaseTime never runs backwards when the database's time is set back (C23)", async () => {
  const clock = new ManualClock();
  let at = afterNoon(60_000);
  const time = new DatabaseTime(clock, () => Promise.resolve(at));
  await time.refresh();
  const before = time.now();
  at = noon;
  await time.refresh();
  assert.deepEqual(time.now(), before);
});

Deno.test("DatabaseTime asks again each minute, and keeps what it knows while nobody answers", async () => {
  const clock = new ManualClock();
  const answers = [() => Promise.reject(new Error("down")), () => Promise.resolve(afterNoon(500_000))];
  const asked = Promise.withResolvers<void>();
  const time = new DatabaseTime(clock, () => {
    const answer = answers.shift() ?? assert.fail("asked too often");
    if (answers.length === 0) asked.resolve();
    return answer();
  });
  const stopping = new AbortController();
  const fresh = time.keepFresh(stopping.signal);
  clock.advance(60_000);
  assert.deepEqual(time.now(), afterNoon(60_000));
  while (answers.length > 0) {
    await Promise.resolve();
    clock.advance(60_000);
  }
  await asked.promise;
  stopping.abort();
  await fresh;
  assert.ok(time.now() >= afterNoon(500_000));
});

Deno.test("openMongoStore() rejects with StoreUnavailableError when nobody answers", async () => {
  const opening = openMongoStore({
    uri: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=1",
    clock: new ManualClock(),
  });
  await assert.rejects(opening, StoreUnavailableError);
});

await withMongo(({ uri }) => {
  Deno.test("MongoDB: now() is the database's time", async () => {
    await using store = await openMongoStore({ uri, clock: new ManualClock(new Date(0)) });
    const differsMs = Math.abs(store.now().getTime() - Date.now());
    assert.ok(differsMs < 60_000, `differs by ${differsMs} ms`);
    assert.equal(store.server.kind, "single");
  });
});
