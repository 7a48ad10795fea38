import assert from "node:assert/strict";
import { adaId, claimBy, save, type StoreCheck } from "@/store/testing/check.ts";
import { makeCommand, makeEnvelope, makeItem, makeMessage, makeTurn, noon } from "@/store/testing/factories.ts";
import type { Store } from "@/store/store.ts";

/** One person with a row everywhere. */
async function fill(store: Store, psid: string, word: string): Promise<void> {
  const conversationId = `shop_${psid}`;
  await save(store, {
    psid,
    conversation: { dueAt: noon },
    contact: { name: word },
    debounce: { dueAt: noon },
    outbound: [makeItem({ psid, text: word }), makeItem({ psid, seq: 2, state: "sent" })],
  }, {
    messages: [makeMessage({ psid, mid: `m-${psid}`, text: word })],
    turns: [makeTurn({ psid })],
    commands: [makeCommand({ id: `c-${psid}`, conversationId })],
  });
  await store.envelopes.accept(makeEnvelope({ id: `e-${psid}`, body: `{"sender":{"id":"${psid}"},"text":"${word}"}` }));
  await store.envelopes.finish([{ id: `e-${psid}`, state: "split" }]);
}

/** What is left of one person, by where it was found. */
async function traces(store: Store, psid: string, word: string): Promise<Record<string, number>> {
  const id = `shop_${psid}`;
  const size = (value: unknown): number => Array.isArray(value) ? value.length : value === undefined ? 0 : 1;
  const found = {
    aggregate: await store.conversations.load(id),
    inbox: (await store.conversations.list({ q: word, limit: 10 })).items,
    history: (await store.messages.page(id, { limit: 10 })).items,
    related: await store.messages.related("shop", [`m-${psid}`]),
    turns: await store.turns.list(id, { limit: 10 }),
    items: (await store.outbound.list({ conversationId: id, limit: 10 })).items,
    command: await store.commands.get(`c-${psid}`),
    envelope: await store.envelopes.get(`e-${psid}`),
  };
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, size(value)]));
}

const everything = { aggregate: 1, inbox: 1, history: 1, related: 1, turns: 1, items: 2, command: 1, envelope: 1 };
const nothing = { aggregate: 0, inbox: 0, history: 0, related: 0, turns: 0, items: 0, command: 0, envelope: 0 };

export const eraseChecks: readonly StoreCheck[] = [
  {
    promise: "conversations.erase() leaves nothing of the contact, and everything of the others (C30)",
    run: async ({ one, two }) => {
      await fill(one, "ada", "azul");
      await fill(one, "bob", "rojo");
      assert.deepEqual(await traces(two, "ada", "azul"), everything);
      assert.equal(await two.conversations.erase(adaId), "erased");
      assert.deepEqual(await traces(one, "ada", "azul"), nothing);
      assert.deepEqual(await traces(one, "bob", "rojo"), everything);
      assert.deepEqual(await one.conversations.claimTurns(claimBy("one")), ["shop_bob"]);
      assert.deepEqual(await one.conversations.claimSends(claimBy("one")), ["shop_bob"]);
      assert.equal(await one.messages.count(), 1);
      assert.equal((await one.outbound.countByState()).queued, 1);
      assert.equal((await one.conversations.counts({})).all, 1);
    },
  },
  {
    promise: "conversations.erase() of a conversation that is not there answers absent",
    run: async ({ one }) => {
      await save(one);
      assert.equal(await one.conversations.erase(adaId), "erased");
      assert.equal(await one.conversations.erase(adaId), "absent");
      assert.deepEqual((await one.limits.get("shop:erased"))?.reading, { value: 0, at: one.now() });
    },
  },
  {
    promise: "conversations.erase() keeps an envelope that is not split yet: others' messages may be in it",
    run: async ({ one }) => {
      await save(one);
      await one.envelopes.accept(makeEnvelope({ id: "both", body: '{"ada":1,"bob":1}' }));
      await one.conversations.erase(adaId);
      assert.equal((await one.envelopes.get("both"))?.state, "new");
    },
  },
  {
    promise: "conversations.commit() begins anew with a contact who writes again after erasure",
    run: async ({ one, two }) => {
      await fill(one, "ada", "azul");
      await two.conversations.erase(adaId);
      await fill(two, "ada", "verde");
      assert.deepEqual(await traces(one, "ada", "verde"), everything);
      assert.deepEqual((await one.conversations.list({ q: "azul", limit: 10 })).items, []);
    },
  },
];
