import assert from "node:assert/strict";
import { readAll, save, type StoreCheck } from "@/store/testing/check.ts";
import { afterNoon, type AggregatePatch, makeMessage, noon } from "@/store/testing/factories.ts";
import type { Handler } from "@/store/records.ts";
import type { ConversationQuery, Store } from "@/store/store.ts";

/** The psids that a query finds, in its order. */
async function find(store: Store, query: Omit<ConversationQuery, "limit">): Promise<string[]> {
  const page = await store.conversations.list({ limit: 200, ...query });
  assert.deepEqual([page.total, page.atLeast], [page.items.length, false]);
  return page.items.map(({ contact }) => contact.psid);
}

/** A conversation whose last message came `ms` after noon. */
function lastAt(psid: string, ms: number): AggregatePatch {
  const at = afterNoon(ms);
  return {
    psid,
    conversation: { lastMessage: { messageId: "m", role: "user", author: "contact", text: "hi", at } },
  };
}

function byPerson(until: number, needed: boolean): Handler {
  return { kind: "person", since: noon, until: afterNoon(until), by: "grace", reason: "asked", needed };
}

export const inboxChecks: readonly StoreCheck[] = [
  {
    promise: "conversations.list() puts the newest last message first",
    run: async ({ one, two }) => {
      for (const [psid, ms] of [["a", 2], ["b", 3], ["c", 1]] as const) await save(one, lastAt(psid, ms));
      assert.deepEqual(await find(two, {}), ["b", "a", "c"]);
      await save(one, lastAt("c", 9));
      assert.deepEqual(await find(two, {}), ["c", "b", "a"]);
    },
  },
  {
    promise: "conversations.list() pages without gap or double, also where instants are the same",
    run: async ({ one }) => {
      const psids = Array.from({ length: 23 }, (_, n) => `p${n}`);
      for (const [n, psid] of psids.entries()) await save(one, lastAt(psid, Math.floor(n / 9)));
      const items = await readAll((cursor) => one.conversations.list({ limit: 4, cursor }));
      assert.equal(items.length, 23);
      assert.deepEqual(new Set(items.map(({ contact }) => contact.psid)), new Set(psids));
      assert.equal((await one.conversations.list({ limit: 4 })).total, 23);
    },
  },
  {
    promise: "conversations.list() filters by account, state and unread",
    run: async ({ one }) => {
      await save(one, { psid: "a", conversation: { unread: 2 } });
      await save(one, { psid: "b", conversation: { state: "closed" } });
      await save(one, { psid: "c", accountId: "other" });
      assert.deepEqual(await find(one, { accountId: "other" }), ["c"]);
      assert.deepEqual(await find(one, { state: "closed" }), ["b"]);
      assert.deepEqual(await find(one, { unread: true }), ["a"]);
      assert.deepEqual(await find(one, { state: "closed", unread: true }), []);
      assert.deepEqual(await find(one, { accountId: "shop", state: "open" }), ["a"]);
    },
  },
  {
    promise: "conversations.list() counts a person's time that is over as the bot's",
    run: async ({ one, clock }) => {
      await save(one, { psid: "bot" });
      await save(one, { psid: "person", conversation: { handler: byPerson(1_000, true) } });
      await save(one, { psid: "calm", conversation: { handler: byPerson(1_000, false) } });
      assert.deepEqual(await find(one, { handler: "bot" }), ["bot"]);
      assert.deepEqual((await find(one, { handler: "person" })).toSorted(), ["calm", "person"]);
      assert.deepEqual(await find(one, { needed: true }), ["person"]);
      clock.advance(1_000);
      assert.deepEqual((await find(one, { handler: "bot" })).toSorted(), ["bot", "calm", "person"]);
      assert.deepEqual(await find(one, { handler: "person" }), []);
      assert.deepEqual(await find(one, { needed: true }), []);
    },
  },
  {
    promise: "conversations.list() counts an answer that the window closes on among what needs a person",
    run: async ({ one, two }) => {
      await save(one, { psid: "a", conversation: { windowNoticeAt: noon } });
      await save(one, { psid: "b" });
      assert.deepEqual(await find(two, { needed: true }), ["a"]);
      await save(two, { psid: "a", conversation: { windowNoticeAt: undefined } });
      assert.deepEqual(await find(one, { needed: true }), []);
    },
  },
  {
    promise: "conversations.list() counts a draft that waits among what needs a person, until it is gone",
    run: async ({ one, two }) => {
      const draft = { id: "s1", turnId: "t1", texts: ["Hi"], at: noon };
      await save(one, { psid: "a", conversation: { draft } });
      await save(one, { psid: "b" });
      assert.deepEqual(await find(two, { needed: true }), ["a"]);
      assert.equal((await two.conversations.counts({})).needed, 1);
      assert.deepEqual((await two.conversations.load("shop_a"))?.conversation.draft, draft);
      await save(two, { psid: "a", conversation: { draft: undefined } });
      assert.deepEqual(await find(one, { needed: true }), []);
      assert.equal((await one.conversations.load("shop_a"))?.conversation.draft, undefined);
    },
  },
  {
    promise: "conversations.counts() tells how many there are of each sort",
    run: async ({ one, two }) => {
      await save(one, { psid: "a", conversation: { unread: 2, handler: byPerson(9, true) } });
      await save(one, { psid: "b", conversation: { state: "closed" } });
      await save(one, { psid: "c", accountId: "other", conversation: { unread: 1 } });
      assert.deepEqual(await two.conversations.counts({}), { all: 3, needed: 1, unread: 2, closed: 1 });
      assert.deepEqual(await two.conversations.counts({ accountId: "shop" }), {
        all: 2,
        needed: 1,
        unread: 1,
        closed: 1,
      });
    },
  },
  {
    promise: "conversations.withUnknownProfile() gives the account's contacts that nobody asked for, page by page",
    run: async ({ one, two }) => {
      for (const psid of ["c", "a", "b"]) await save(one, { psid });
      await save(one, { psid: "known", contact: { profile: "known", name: "Zoe" } });
      await save(one, { psid: "silent", contact: { profile: "unavailable" } });
      await save(one, { psid: "x", accountId: "shop2" });
      const query = { accountId: "shop", limit: 2 };
      assert.deepEqual(await two.conversations.withUnknownProfile(query), ["shop_a", "shop_b"]);
      assert.deepEqual(await two.conversations.withUnknownProfile({ ...query, after: "shop_b" }), ["shop_c"]);
      await save(one, { psid: "c", contact: { profile: "known" } });
      assert.deepEqual(await two.conversations.withUnknownProfile({ ...query, after: "shop_b" }), []);
      await one.conversations.erase("shop_a");
      assert.deepEqual(await two.conversations.withUnknownProfile(query), ["shop_b"]);
    },
  },
  {
    promise: "conversations.list() finds by beginnings of words in name, handle and id, whatever case and accents",
    run: async ({ one }) => {
      await save(one, { psid: "17841", contact: { name: "José Ñandú", username: "pepe.shop" } });
      await save(one, { psid: "90000", contact: { name: "Ana" } });
      for (const q of ["jose", "JOSÉ", "nan", "pepe", "pepe.sh", "178", "ñandu pep", " jo,  "]) {
        assert.deepEqual(await find(one, { q }), ["17841"], q);
      }
      for (const q of ["ose", "andu", "jose ana", "7841", "josé*x"]) assert.deepEqual(await find(one, { q }), [], q);
    },
  },
  {
    promise: "conversations.list() finds by all the words in one message, old ones included",
    run: async ({ one }) => {
      await save(one, { psid: "a" }, {
        messages: [
          makeMessage({ psid: "a", mid: "m1", text: "¿Tienen TÊNIS azul?" }),
          makeMessage({ psid: "a", mid: "m2", text: "talla 38", at: afterNoon(1) }),
        ],
      });
      await save(one, { psid: "b" }, {
        messages: [makeMessage({ psid: "b", mid: "m3", role: "assistant", text: "tenis rojo" })],
      });
      assert.deepEqual(await find(one, { q: "tenis azul" }), ["a"]);
      assert.deepEqual((await find(one, { q: "ten" })).toSorted(), ["a", "b"]);
      assert.deepEqual(await find(one, { q: "tenis 38" }), []);
      assert.deepEqual(await find(one, { q: "38", state: "closed" }), []);
    },
  },
  {
    promise: "conversations.list() takes a query's signs as signs, and one without a word as none",
    run: async ({ one }) => {
      await save(one, { contact: { name: "NOT OR AND" } });
      assert.deepEqual(await find(one, { q: '"not" OR (and) *:^-' }), ["ada"]);
      assert.deepEqual(await find(one, { q: "xyz OR ada" }), []);
      assert.deepEqual(await find(one, { q: ' "*? ' }), ["ada"]);
    },
  },
  {
    promise: "conversations.list() finds what a message and a contact say now, not what they said",
    run: async ({ one }) => {
      await save(one, { contact: { name: "Before" } }, { messages: [makeMessage({ text: "verde" })] });
      await save(one, { contact: { name: "After" } }, { messages: [makeMessage({ text: "blanco" })] });
      assert.deepEqual(await find(one, { q: "blanco" }), ["ada"]);
      assert.deepEqual(await find(one, { q: "after" }), ["ada"]);
      assert.deepEqual([...await find(one, { q: "verde" }), ...await find(one, { q: "before" })], []);
    },
  },
  {
    promise: "conversations.list() pages through what a search finds",
    run: async ({ one }) => {
      for (let n = 0; n < 9; n++) await save(one, { ...lastAt(`p${n}`, n % 3), contact: { name: "Zoe" } });
      await save(one, { psid: "other" });
      const items = await readAll((cursor) => one.conversations.list({ q: "zoe", limit: 2, cursor }));
      assert.equal(new Set(items.map(({ contact }) => contact.psid)).size, 9);
      assert.equal((await one.conversations.list({ q: "zoe", limit: 2 })).total, 9);
    },
  },
];
