import assert from "node:assert/strict";
import { LiveFeed } from "@/api/live_feed.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { StoreUnavailableError } from "@/store/store.ts";
import type { Store } from "@/store/store.ts";
import { save } from "@/store/testing/check.ts";
import { RestingClock } from "@/api/testing.ts";

interface Scene extends AsyncDisposable {
  /** Another instance. */
  readonly other: Store;
  readonly clock: RestingClock;
  readonly live: LiveFeed;
  /** How often the store was asked for the newest entry. */
  readonly looks: () => number;
  /** Whether the store answers. */
  answers: boolean;
  watch(after: number, signal?: AbortSignal): Promise<readonly number[]>;
}

async function setUp(): Promise<Scene> {
  const stores = await openTemporaryStore();
  const clock = new RestingClock();
  let looks = 0;
  const feed = {
    ...stores.one.feed,
    newest: () => {
      looks += 1;
      return scene.answers ? stores.one.feed.newest() : Promise.reject(new StoreUnavailableError("gone"));
    },
    after: (seq: number, limit: number) => stores.one.feed.after(seq, limit),
  };
  const live = new LiveFeed({ store: { feed }, clock });
  const scene: Scene = {
    other: stores.two,
    clock,
    live,
    looks: () => looks,
    answers: true,
    watch: async (after, signal = new AbortController().signal) =>
      (await live.next({ after, signal, withinMs: 20_000 })).map(({ seq }) => seq),
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
  return scene;
}

Deno.test("LiveFeed tells what another instance committed, within half a second", async () => {
  await using scene = await setUp();
  const seen = scene.watch(0);
  await scene.clock.rest();
  await save(scene.other);
  scene.clock.advance(500);
  assert.deepEqual(await seen, [1]);
});

Deno.test("LiveFeed looks once for all who watch, and not at all while nobody does", async () => {
  await using scene = await setUp();
  const watching = Array.from({ length: 20 }, () => scene.watch(0));
  await scene.clock.rest();
  const before = scene.looks();
  scene.clock.advance(500);
  await scene.clock.rest();
  assert.equal(scene.looks() - before, 1);
  await save(scene.other);
  scene.clock.advance(500);
  for (const seen of watching) assert.deepEqual(await seen, [1]);
  const after = scene.looks();
  for (let n = 0; n < 10; n++) scene.clock.advance(500);
  assert.equal(scene.looks(), after);
});

Deno.test("LiveFeed goes on by itself when the store was away", async () => {
  await using scene = await setUp();
  scene.answers = false;
  const seen = scene.watch(0);
  await scene.clock.rest();
  await save(scene.other);
  scene.clock.advance(500);
  await scene.clock.rest();
  scene.answers = true;
  scene.clock.advance(500);
  assert.deepEqual(await seen, [1]);
});

Deno.test("LiveFeed answers nothing when the time is over or the watcher leaves", async () => {
  await using scene = await setUp();
  const leaving = new AbortController();
  const left = scene.watch(0, leaving.signal);
  const stayed = scene.watch(0);
  await scene.clock.rest();
  leaving.abort();
  assert.deepEqual(await left, []);
  scene.clock.advance(20_000);
  assert.deepEqual(await stayed, []);
  assert.deepEqual(await scene.watch(0, leaving.signal), [], "one who has left already is not waited for");
});
