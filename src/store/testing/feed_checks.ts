import assert from "node:assert/strict";
import { adaId, save, type StoreCheck } from "@/store/testing/check.ts";
import type { Store } from "@/store/store.ts";

/** The conversations that entries after `seq` name, oldest first, by psid. */
async function told(store: Store, seq = 0, limit = 100): Promise<readonly (string | undefined)[]> {
  const entries = await store.feed.after(seq, limit);
  return entries.map(({ conversationId }) => conversationId?.replace("shop_", ""));
}

export const feedChecks: readonly StoreCheck[] = [
  {
    promise: "feed.after() tells the commits of every instance in one order, each instant included",
    run: async ({ one, two, clock }) => {
      assert.deepEqual([await two.feed.newest(), await told(two)], [0, []]);
      await save(one, { psid: "a" });
      await save(two, { psid: "b" });
      await save(one, { psid: "b", conversation: { unread: 1 } });
      clock.advance(1_000);
      await save(two, { psid: "a", debounce: { attempts: 1 } });
      assert.deepEqual(await told(one), ["a", "b", "b", "a"]);
      const entries = await two.feed.after(0, 9);
      assert.deepEqual(await one.feed.after(0, 9), entries);
      assert.deepEqual(entries.map(({ seq }) => seq), [1, 2, 3, 4]);
      assert.deepEqual(entries[3]?.at, one.now());
      assert.deepEqual([await told(two, 2), await told(two, 1, 2), await told(two, 4)], [["b", "a"], ["b", "b"], []]);
      assert.deepEqual([await one.feed.newest(), await two.feed.newest()], [4, 4]);
    },
  },
  {
    promise: "feed.after() has no gap and leaves no commit out when all write at once",
    run: async ({ one, two }) => {
      const psids = Array.from({ length: 120 }, (_, n) => `p${n}`);
      await Promise.all(psids.map((psid, n) => save(n % 2 === 0 ? one : two, { psid })));
      const first = await one.feed.after(0, 70);
      const rest = await two.feed.after(first.at(-1)?.seq ?? 0, 1_000);
      const entries = [...first, ...rest];
      assert.deepEqual(entries.map(({ seq }) => seq), entries.map((_, index) => index + 1));
      assert.deepEqual(new Set(await told(two, 0, 1_000)), new Set(psids));
    },
  },
  {
    promise: "feed.after() tells nothing of a commit that was a conflict",
    run: async ({ one, two }) => {
      const base = await save(one);
      const change = { base, next: base, messages: [], turns: [], commands: [], audit: [] };
      await two.conversations.commit(change);
      assert.equal(await one.conversations.commit(change), "conflict");
      assert.deepEqual(await told(two), ["ada", "ada"]);
    },
  },
  {
    promise: "feed.removeBefore() removes what is old and goes on with the numbers",
    run: async ({ one, two, clock }) => {
      for (const psid of ["a", "b"]) await save(one, { psid });
      clock.advance(10_000);
      await save(two, { psid: "c" });
      await one.feed.removeBefore(new Date(one.now().getTime() - 5_000));
      assert.deepEqual((await one.feed.after(0, 9)).map(({ seq }) => seq), [3]);
      clock.advance(10_000);
      await two.feed.removeBefore(one.now());
      assert.equal(await one.feed.newest(), 3, "the newest stays");
      await save(one, { psid: "d" });
      assert.deepEqual((await two.feed.after(3, 9)).map(({ seq }) => seq), [4]);
    },
  },
  {
    promise: "feed.after() tells of an erasure and names the contact no longer (C30)",
    run: async ({ one, two }) => {
      for (const psid of ["ada", "bob", "ada"]) await save(one, { psid });
      await two.conversations.erase(adaId);
      assert.deepEqual(await told(one), [undefined, "bob", undefined, undefined]);
    },
  },
];
