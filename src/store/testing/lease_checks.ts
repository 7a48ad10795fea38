import assert from "node:assert/strict";
import { adaId, claimBy, mustLoad, patched, save, type StoreCheck } from "@/store/testing/check.ts";
import { afterNoon, makeEnvelope, noon } from "@/store/testing/factories.ts";
import type { ClaimOptions, Store } from "@/store/store.ts";

type Kind = "turn" | "send";

/** The methods of one kind of lease, so that both kinds are held to the same promises. */
const claim = (kind: Kind, store: Store, options: ClaimOptions): Promise<readonly string[]> =>
  kind === "turn" ? store.conversations.claimTurns(options) : store.conversations.claimSends(options);

const release = (kind: Kind, store: Store, owner: string): Promise<void> =>
  kind === "turn" ? store.conversations.releaseTurn(adaId, owner) : store.conversations.releaseSend(adaId, owner);

const due = (kind: Kind, dueAt: Date | undefined) =>
  kind === "turn" ? { debounce: { dueAt } } : { conversation: { dueAt } };

function checksOf(kind: Kind): readonly StoreCheck[] {
  const name = kind === "turn" ? "conversations.claimTurns()" : "conversations.claimSends()";
  return [
    {
      promise: `${name} gives what is due, and nothing before`,
      run: async ({ one, clock }) => {
        await save(one, due(kind, afterNoon(10)));
        await save(one, { psid: "bob" });
        assert.deepEqual(await claim(kind, one, claimBy("one")), []);
        clock.advance(10);
        assert.deepEqual(await claim(kind, one, claimBy("one")), [adaId]);
      },
    },
    {
      promise: `${name} gives each conversation to one claimer, longest due first (C9)`,
      run: async ({ one, two, clock }) => {
        for (const ms of [3, 1, 2, 4]) await save(one, { psid: `p${ms}`, ...due(kind, afterNoon(ms)) });
        clock.advance(10);
        const first = await claim(kind, one, { ...claimBy("one"), limit: 2 });
        const second = await claim(kind, two, claimBy("two"));
        assert.deepEqual([first, second], [["shop_p1", "shop_p2"], ["shop_p3", "shop_p4"]]);
        assert.deepEqual(await claim(kind, one, claimBy("one")), []);
      },
    },
    {
      promise: `${name} never gives one conversation to two who ask at once (C22)`,
      run: async ({ one, two }) => {
        for (let n = 0; n < 8; n++) await save(one, { psid: `p${n}`, ...due(kind, noon) });
        const claims = await Promise.all(
          Array.from({ length: 8 }, (_, n) => claim(kind, n % 2 ? one : two, { ...claimBy(`o${n}`), limit: 2 })),
        );
        assert.equal(new Set(claims.flat()).size, claims.flat().length);
        const rest = await claim(kind, one, claimBy("last"));
        assert.equal(claims.flat().length + rest.length, 8);
      },
    },
    {
      promise: `${name} gives a conversation again when the lease is over, and when it was given back (C17)`,
      run: async ({ one, two, clock }) => {
        await save(one, due(kind, noon));
        await claim(kind, one, claimBy("one"));
        clock.advance(999);
        assert.deepEqual(await claim(kind, two, claimBy("two")), []);
        clock.advance(1);
        assert.deepEqual(await claim(kind, two, claimBy("two")), [adaId]);
        await release(kind, one, "one");
        assert.deepEqual(await claim(kind, one, claimBy("one")), [], "a stranger gave the lease back");
        await release(kind, two, "two");
        assert.deepEqual(await claim(kind, one, claimBy("one")), [adaId]);
      },
    },
    {
      promise: `${name} and commit() leave each other alone: a claim raises no version, a commit ends no lease (C22)`,
      run: async ({ one, two }) => {
        const base = await save(one, due(kind, noon));
        await claim(kind, one, claimBy("one"));
        assert.deepEqual(await mustLoad(two), base);
        const change = patched(base, { conversation: { unread: 1 }, debounce: { attempts: 1 } });
        assert.equal(await one.conversations.commit(change), "committed");
        assert.deepEqual(await claim(kind, two, claimBy("two")), []);
      },
    },
    {
      promise: `${name} no longer gives what a commit made idle`,
      run: async ({ one }) => {
        await save(one, due(kind, noon));
        await save(one, due(kind, undefined));
        assert.deepEqual(await claim(kind, one, claimBy("one")), []);
        assert.equal(await one.conversations.nextDueAt(kind), undefined);
      },
    },
    {
      promise: `conversations.nextDueAt() tells the earliest ${kind} that nobody holds`,
      run: async ({ one, two, clock }) => {
        assert.equal(await one.conversations.nextDueAt(kind), undefined);
        await save(one, { psid: "bob", ...due(kind, afterNoon(500)) });
        await save(one, due(kind, noon));
        assert.deepEqual(await two.conversations.nextDueAt(kind), noon);
        await claim(kind, one, claimBy("one"));
        assert.deepEqual(await two.conversations.nextDueAt(kind), afterNoon(500));
        clock.advance(1_000);
        assert.deepEqual(await two.conversations.nextDueAt(kind), noon);
      },
    },
  ];
}

export const leaseChecks: readonly StoreCheck[] = [
  ...checksOf("turn"),
  ...checksOf("send"),
  {
    promise: "conversations.claimTurns() and claimSends() do not get in each other's way",
    run: async ({ one, two }) => {
      await save(one, { conversation: { dueAt: noon }, debounce: { dueAt: noon } });
      assert.deepEqual(await one.conversations.claimTurns(claimBy("one")), [adaId]);
      assert.deepEqual(await two.conversations.claimSends(claimBy("two")), [adaId]);
      await one.conversations.releaseTurn(adaId, "one");
      assert.deepEqual(await one.conversations.claimSends(claimBy("one")), []);
    },
  },
  {
    promise: "conversations.extendTurn() holds on to a lease, but not to one that was lost",
    run: async ({ one, two, clock }) => {
      await save(one, { debounce: { dueAt: noon } });
      await one.conversations.claimTurns(claimBy("one"));
      clock.advance(900);
      assert.equal(await one.conversations.extendTurn(adaId, { owner: "one", leaseMs: 1_000 }), true);
      assert.equal(await two.conversations.extendTurn(adaId, { owner: "two", leaseMs: 1_000 }), false);
      clock.advance(900);
      assert.deepEqual(await two.conversations.claimTurns(claimBy("two")), []);
      clock.advance(100);
      assert.deepEqual(await two.conversations.claimTurns(claimBy("two")), [adaId]);
      assert.equal(await one.conversations.extendTurn(adaId, { owner: "one", leaseMs: 1_000 }), false);
    },
  },
  {
    promise: "forgetLeases() gives back every lease at once",
    run: async ({ one, two }) => {
      await save(one, { conversation: { dueAt: noon }, debounce: { dueAt: noon } });
      await one.envelopes.accept(makeEnvelope());
      for (const store of [one, two]) {
        assert.equal((await store.conversations.claimTurns(claimBy("x"))).length, 1);
        assert.equal((await store.conversations.claimSends(claimBy("x"))).length, 1);
        assert.equal((await store.envelopes.claim(claimBy("x"))).length, 1);
        await two.forgetLeases();
      }
    },
  },
  {
    promise: "now() goes by the clock and never runs backwards (C23)",
    run: ({ one, clock }) => {
      const before = one.now().getTime();
      clock.advance(1_000);
      assert.equal(one.now().getTime() - before, 1_000);
      clock.advance(-600_000);
      assert.equal(one.now().getTime() - before, 1_000);
      return Promise.resolve();
    },
  },
];
