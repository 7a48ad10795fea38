import assert from "node:assert/strict";
import { adaId, mustLoad, patched, save, type StoreCheck } from "@/store/testing/check.ts";
import {
  afterNoon,
  makeAggregate,
  makeAuditEntry,
  makeCommand,
  makeItem,
  makeMessage,
  makeTurn,
  noon,
} from "@/store/testing/factories.ts";
import type { Store } from "@/store/store.ts";

/** Everything that the store has of ada's, as it stands. */
async function snapshot(store: Store): Promise<unknown> {
  return {
    aggregate: await store.conversations.load(adaId),
    messages: (await store.messages.page(adaId, { limit: 100 })).items,
    turns: await store.turns.list(adaId, { limit: 100 }),
    items: (await store.outbound.list({ conversationId: adaId, limit: 100 })).items,
    command: await store.commands.get("c1"),
    audit: await store.audit.list({ object: adaId, limit: 100 }),
  };
}

const everyRow = {
  messages: [makeMessage()],
  turns: [makeTurn()],
  commands: [makeCommand({ result: { outboundId: "o1" } })],
  audit: [makeAuditEntry({ object: adaId, changes: { state: { before: "open", after: "closed" } } })],
};

export const commitChecks: readonly StoreCheck[] = [
  {
    promise: "conversations.commit() writes all that the change holds, and load() gives it back, instants included",
    run: async ({ one, two }) => {
      const fact = { value: "a@b.co", source: "rule" as const, by: "email", at: afterNoon(1), previous: "x" };
      const pending = [{ messageId: "m1", at: noon, receivedAt: afterNoon(7) }];
      const attempt = { number: 1, startedAt: noon, rev: 1, endedAt: afterNoon(3), outcome: "unknown" as const };
      const full = makeAggregate({
        conversation: {
          handler: { kind: "person", since: noon, until: afterNoon(9), by: "grace", reason: "asked", needed: true },
          lastMessage: { messageId: "m1", role: "user", author: "contact", text: "hi", at: noon },
          lastTurn: { id: "t1", number: 1, pending, forced: false, supersedes: 2 },
          dueAt: afterNoon(4),
        },
        contact: { name: "Ada", fields: { email: fact, "$at": { ...fact, by: "$" } }, tags: ["vip"] },
        debounce: { pending, firstAt: noon, lastAt: noon, dueAt: afterNoon(3), attempts: 1 },
        outbound: [makeItem({ attempts: [attempt], deadlineAt: afterNoon(8) })],
      });
      await save(one, full, everyRow);
      assert.deepEqual(await mustLoad(two), { ...full, conversation: { ...full.conversation, ver: 1 } });
      assert.deepEqual(await two.messages.byIds(["shop:msg:m1"]), everyRow.messages);
      assert.deepEqual(await two.turns.get(`${adaId}_t1`), everyRow.turns[0]);
      assert.deepEqual(await two.commands.get("c1"), everyRow.commands[0]);
      assert.deepEqual(await two.audit.list({ object: adaId, limit: 10 }), everyRow.audit);
    },
  },
  {
    promise: "conversations.load() answers undefined for a conversation that does not exist",
    run: async ({ one }) => assert.equal(await one.conversations.load(adaId), undefined),
  },
  {
    promise: "conversations.commit() raises the version by one each time (C22)",
    run: async ({ one, two }) => {
      assert.equal((await save(one)).conversation.ver, 1);
      assert.equal((await save(two, { conversation: { unread: 1 } })).conversation.ver, 2);
      assert.equal((await save(one, {}, { messages: [makeMessage()] })).conversation.ver, 3);
    },
  },
  {
    promise: "conversations.commit() refuses a stale version and writes nothing of it (C22)",
    run: async ({ one, two }) => {
      const base = await save(one, { outbound: [makeItem()] });
      await save(two, { conversation: { unread: 5 } });
      const before = await snapshot(two);
      const late = patched(base, {
        conversation: { unread: 9 },
        contact: { name: "Late" },
        debounce: { attempts: 9 },
        outbound: [makeItem({ state: "sent" }), makeItem({ seq: 2 })],
      }, everyRow);
      assert.equal(await one.conversations.commit(late), "conflict");
      assert.deepEqual(await snapshot(one), before);
    },
  },
  {
    promise: "conversations.commit() begins a conversation once, and never one that it was told exists",
    run: async ({ one, two }) => {
      const begin = patched(makeAggregate(), { conversation: { unread: 1 } });
      const answers = await Promise.all([one, two].map((store) => store.conversations.commit(begin)));
      assert.deepEqual(answers.toSorted(), ["committed", "conflict"]);
      const gone = patched(makeAggregate({ psid: "bob", conversation: { ver: 3 } }), { conversation: { unread: 1 } });
      assert.equal(await one.conversations.commit(gone), "conflict");
      assert.equal(await one.conversations.load("shop_bob"), undefined);
    },
  },
  {
    promise: "conversations.commit() lets one of many win on the same version (C22)",
    run: async ({ one, two }) => {
      const base = await save(one);
      const answers = await Promise.all(
        Array.from(
          { length: 10 },
          (_, index) =>
            (index % 2 ? one : two).conversations.commit(patched(base, { conversation: { unread: index } })),
        ),
      );
      assert.equal(answers.filter((answer) => answer === "committed").length, 1);
      assert.equal((await mustLoad(one)).conversation.ver, 2);
    },
  },
  {
    promise: "conversations.commit() with a command that was done already is a conflict and writes nothing (C15)",
    run: async ({ one, two }) => {
      const base = await save(one, {}, { commands: [makeCommand()] });
      const before = await snapshot(one);
      const again = patched(base, { conversation: { unread: 1 }, outbound: [makeItem()] }, everyRow);
      assert.equal(await two.conversations.commit(again), "conflict");
      assert.deepEqual(await snapshot(one), before);
    },
  },
  {
    promise:
      "conversations.commit() lets a command act on one conversation alone, however close two of them come (C15)",
    run: async ({ one, two }) => {
      const bases = [await save(one), await save(one, { psid: "bob" })];
      const changes = bases.map((base) => {
        const { id } = base.conversation;
        return patched(base, { conversation: { unread: 7 } }, { commands: [makeCommand({ conversationId: id })] });
      });
      const answers = await Promise.all(changes.map((change, n) => [one, two][n]!.conversations.commit(change)));
      assert.deepEqual(answers.toSorted(), ["committed", "conflict"]);
      const winner = bases[answers.indexOf("committed")]!.conversation.id;
      assert.equal((await two.commands.get("c1"))?.conversationId, winner);
      const after = await Promise.all(bases.map(({ conversation }) => mustLoad(one, conversation.id)));
      assert.deepEqual(after.map(({ conversation }) => conversation.unread).toSorted(), [0, 7]);
    },
  },
  {
    promise: "conversations.commit() keeps what is sent or cancelled, and load() leaves it out",
    run: async ({ one, two }) => {
      const states = ["queued", "sending", "uncertain", "failed", "held", "expired", "sent", "cancelled"] as const;
      const items = states.map((state, index) => makeItem({ seq: index + 1, state }));
      await save(one, { outbound: items.map((item) => ({ ...item, state: "queued" as const })) });
      await save(one, { outbound: items });
      assert.deepEqual((await mustLoad(two)).outbound, items.slice(0, 6));
      assert.equal((await two.outbound.get(`${adaId}_o7`))?.state, "sent");
      assert.equal((await two.outbound.get(`${adaId}_o8`))?.state, "cancelled");
    },
  },
  {
    promise: "conversations.load() gives the items in order of seq, not of id",
    run: async ({ one }) => {
      const items = [10, 9, 2, 1].map((seq) => makeItem({ seq }));
      await save(one, { outbound: items });
      assert.deepEqual((await mustLoad(one)).outbound.map(({ seq }) => seq), [1, 2, 9, 10]);
    },
  },
  {
    promise: "conversations.commit() replaces a message row whole, and keeps one row an id (C2)",
    run: async ({ one, two }) => {
      const { text: _, ...unsent } = makeMessage({ unsentAt: afterNoon(1) });
      await save(one, {}, { messages: [makeMessage({ text: "secret" })] });
      await save(one, {}, { messages: [unsent] });
      assert.deepEqual((await two.messages.page(adaId, { limit: 10 })).items, [unsent]);
      assert.equal(await two.messages.count(), 1);
    },
  },
  {
    promise: "conversations.commit() writes the next turn over one that was pulled back",
    run: async ({ one, two }) => {
      await save(one, {}, { turns: [makeTurn({ outboundIds: ["o1"] })] });
      const second = makeTurn({ decidedAt: afterNoon(5), messageIds: ["m1", "m2"] });
      await save(one, {}, { turns: [second] });
      assert.deepEqual(await two.turns.list(adaId, { limit: 10 }), [second]);
      assert.equal(await two.turns.countSince(adaId, afterNoon(5)), 1);
    },
  },
];
