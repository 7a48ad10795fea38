import assert from "node:assert/strict";
import { readAll, save, type StoreCheck } from "@/store/testing/check.ts";
import { afterNoon, type AggregatePatch, makeItem, makeMessage, noon } from "@/store/testing/factories.ts";
import { type Handler, type SavedView, savedViewId, type Simulation } from "@/store/records.ts";
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
    promise: "conversations.list() filters by whom a conversation is assigned to, nobody included, in any order",
    run: async ({ one, two }) => {
      await save(one, { psid: "a", conversation: { assignee: "grace" } });
      await save(one, { psid: "b" });
      await save(one, { psid: "c", conversation: { assignee: "ada", handler: byPerson(1_000, true) } });
      assert.deepEqual(await find(two, { assignee: "grace" }), ["a"]);
      assert.deepEqual(await find(two, { assignee: null }), ["b"]);
      assert.deepEqual(await find(two, { assignee: "ada", needed: true, sort: "attention" }), ["c"]);
      assert.deepEqual(await find(two, { assignee: "nobody.known" }), []);
      await save(one, { psid: "a", conversation: { assignee: undefined } });
      assert.deepEqual((await find(two, { assignee: null })).toSorted(), ["a", "b"]);
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
      assert.deepEqual(await two.conversations.counts({}), {
        all: 3,
        needed: 1,
        bot: 2,
        answered: 0,
        unread: 2,
        closed: 1,
      });
      assert.deepEqual(await two.conversations.counts({ accountId: "shop" }), {
        all: 2,
        needed: 1,
        bot: 1,
        answered: 0,
        unread: 1,
        closed: 1,
      });
    },
  },
  {
    promise: "conversations.list() shows as answered those whose contact has the next word, unless a person is needed",
    run: async ({ one, two }) => {
      const ours = { messageId: "m", role: "assistant", author: "bot", text: "hi", at: noon } as const;
      await save(one, { psid: "a", conversation: { lastMessage: ours } });
      await save(one, { psid: "b", conversation: { lastMessage: { ...ours, role: "user", author: "contact" } } });
      await save(one, { psid: "c", conversation: { lastMessage: ours, state: "closed" } });
      await save(one, { psid: "d", conversation: { lastMessage: ours, windowNoticeAt: noon } });
      await save(one, { psid: "e", conversation: { lastMessage: ours, handler: byPerson(1_000, true) } });
      assert.deepEqual(await find(two, { answered: true }), ["a"]);
      assert.equal((await two.conversations.counts({})).answered, 1);
    },
  },
  {
    promise: "conversations.list() finds those whose window is open and closes soon",
    run: async ({ one, clock }) => {
      for (const [psid, ms] of [["over", 0], ["soon", 1_000], ["later", 5_000]] as const) {
        await save(one, { psid, conversation: { windowClosesAt: afterNoon(ms) } });
      }
      await save(one, { psid: "never" });
      assert.deepEqual(await find(one, { closingWithinMs: 1_000 }), ["soon"]);
      assert.deepEqual((await find(one, { closingWithinMs: 5_000 })).toSorted(), ["later", "soon"]);
      clock.advance(1_000);
      assert.deepEqual(await find(one, { closingWithinMs: 4_000 }), ["later"]);
    },
  },
  {
    promise: "conversations.list() finds by a contact's tag as it is now, and tags() names those there are",
    run: async ({ one, two }) => {
      await save(one, { psid: "a", contact: { tags: ["vip", "wholesale"] } });
      await save(one, { psid: "b", contact: { tags: ["vip"] } });
      await save(one, { psid: "c", contact: { tags: ["abroad"] } });
      assert.deepEqual(await two.conversations.tags(), ["abroad", "vip", "wholesale"]);
      assert.deepEqual((await find(two, { tag: "vip" })).toSorted(), ["a", "b"]);
      assert.deepEqual(await find(two, { tag: "vip", q: "a" }), ["a"]);
      await save(two, { psid: "a", contact: { tags: ["wholesale"] } });
      assert.deepEqual(await find(one, { tag: "vip" }), ["b"]);
      assert.deepEqual(await find(one, { tag: "VI" }), []);
      await two.conversations.erase("shop_b");
      assert.deepEqual(await find(one, { tag: "vip" }), []);
      assert.deepEqual(await one.conversations.tags(), ["abroad", "wholesale"]);
    },
  },
  {
    promise: "conversations.list() finds those with a text that did not leave, until it is settled",
    run: async ({ one, two }) => {
      for (const state of ["failed", "held", "expired", "queued", "uncertain"] as const) {
        await save(one, { psid: state, outbound: [makeItem({ psid: state, state })] });
      }
      assert.deepEqual((await find(two, { failed: true })).toSorted(), ["expired", "failed", "held"]);
      const { items } = await one.conversations.list({ limit: 10 });
      const shown = items.filter(({ failed }) => failed).map(({ contact }) => contact.psid);
      assert.deepEqual(shown.toSorted(), ["expired", "failed", "held"]);
      await save(two, { psid: "held", outbound: [makeItem({ psid: "held", state: "cancelled" })] });
      assert.deepEqual((await find(one, { failed: true })).toSorted(), ["expired", "failed"]);
    },
  },
  {
    promise: "conversations.list() by attention puts who needs a person first, the longest waiting of them at the top",
    run: async ({ one, clock }) => {
      for (const [psid, ms] of [["w3", 30], ["w1", 10], ["w2", 20]] as const) {
        const handler = { ...byPerson(1_000, true), since: afterNoon(ms) };
        await save(one, { ...lastAt(psid, 1), conversation: { ...lastAt(psid, 1).conversation, handler } });
      }
      for (const [psid, ms] of [["n1", 100], ["n2", 500], ["n3", 300]] as const) await save(one, lastAt(psid, ms));
      const all = ["w1", "w2", "w3", "n2", "n3", "n1"];
      assert.deepEqual(await find(one, { sort: "attention" }), all);
      assert.deepEqual(await find(one, { sort: "attention", needed: true }), ["w1", "w2", "w3"]);
      for (const limit of [1, 2, 3, 4]) {
        const items = await readAll((cursor) => one.conversations.list({ limit, cursor, sort: "attention" }));
        assert.deepEqual(items.map(({ contact }) => contact.psid), all);
      }
      clock.advance(1_000);
      assert.deepEqual((await find(one, { sort: "attention" })).slice(0, 3), ["n2", "n3", "n1"]);
    },
  },
  {
    promise: "conversations.list() by window puts the soonest to close first, and those that are closed behind",
    run: async ({ one }) => {
      const windows = [["open2", 200, 1], ["open1", 100, 2], ["shut1", 0, 3], ["shut2", -5, 4]] as const;
      for (const [psid, closes, last] of windows) {
        const { conversation } = lastAt(psid, last);
        await save(one, { psid, conversation: { ...conversation, windowClosesAt: afterNoon(closes) } });
      }
      await save(one, lastAt("none", 9));
      const all = ["open1", "open2", "none", "shut2", "shut1"];
      assert.deepEqual(await find(one, { sort: "window" }), all);
      for (const limit of [1, 2, 3]) {
        const items = await readAll((cursor) => one.conversations.list({ limit, cursor, sort: "window" }));
        assert.deepEqual(items.map(({ contact }) => contact.psid), all);
      }
    },
  },
  {
    promise: "simulations keeps an account's cases in order of names, whole, until they are removed",
    run: async ({ one, two }) => {
      const says = [{ kind: "text", text: "hi", attachments: [] }] as const;
      const expected = { outcome: "silent", by: "core", contains: "" } as const;
      const make = (id: string, name: string, of = "shop"): Simulation => {
        const steps = [{ at: noon, says, expected }];
        return { id, accountId: of, name, contact: { name: "Ada" }, steps, savedAt: noon, savedBy: "grace" };
      };
      const [b, a] = [make("s1", "b"), make("s2", "a")];
      for (const simulation of [b, a, make("s3", "c", "other")]) await one.simulations.put(simulation);
      assert.deepEqual(await two.simulations.list("shop"), [a, b]);
      await two.simulations.put({ ...b, name: "0" });
      await one.simulations.remove(a.id);
      await one.simulations.remove("nothing");
      assert.deepEqual(await two.simulations.list("shop"), [{ ...b, name: "0" }]);
    },
  },
  {
    promise: "savedViews keeps each operator's views apart, one of each name",
    run: async ({ one, two }) => {
      const makeView = (operator: string, name: string, query: string): SavedView => {
        return { id: savedViewId(operator, name), operator, name, query, savedAt: noon };
      };
      const views = [makeView("grace", "vip", "tag=vip"), makeView("grace", "Mine", "unread=1")];
      for (const view of [...views, makeView("ada", "vip", "q=x")]) await one.savedViews.put(view);
      assert.deepEqual(await two.savedViews.list("grace"), [views[1], views[0]]);
      await two.savedViews.put({ ...views[0], query: "tag=vip&unread=1" });
      assert.deepEqual((await one.savedViews.list("grace")).map(({ query }) => query), [
        "unread=1",
        "tag=vip&unread=1",
      ]);
      await one.savedViews.remove(views[0].id);
      await one.savedViews.remove("nothing");
      assert.deepEqual(await two.savedViews.list("grace"), [views[1]]);
      assert.equal((await two.savedViews.list("ada")).length, 1);
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
    promise: "conversations.list() shows the message that a search found, the last one of several",
    run: async ({ one }) => {
      await save(one, { psid: "a", contact: { name: "Azul" } }, {
        messages: [
          makeMessage({ psid: "a", mid: "m1", text: "tenis azul" }),
          makeMessage({ psid: "a", mid: "m2", text: "otros tenis", at: afterNoon(1) }),
          makeMessage({ psid: "a", mid: "m3", text: "gracias", at: afterNoon(2) }),
        ],
      });
      const hitOf = async (q: string): Promise<string | undefined> =>
        (await one.conversations.list({ q, limit: 1 })).items[0].hit;
      assert.equal(await hitOf("TÉNIS"), "otros tenis");
      assert.equal(await hitOf("azul tenis"), "tenis azul");
      await save(one, { psid: "b", contact: { name: "Zoe" } });
      assert.equal(await hitOf("zoe"), undefined);
      assert.equal((await one.conversations.list({ limit: 1 })).items[0].hit, undefined);
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
