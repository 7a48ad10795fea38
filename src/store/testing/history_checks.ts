import assert from "node:assert/strict";
import { adaId, readAll, save, type StoreCheck } from "@/store/testing/check.ts";
import { accountId, afterNoon, makeCommand, makeItem, makeMessage, makeTurn, noon } from "@/store/testing/factories.ts";

const trace = { model: "m", calls: 1, ms: 5, prompt: [], tools: [] };

export const historyChecks: readonly StoreCheck[] = [
  {
    promise: "removeBefore() removes the account's older messages, turns and commands, and leaves all else",
    run: async ({ one, two }) => {
      const old = makeMessage({ mid: "old", text: "outdated words", at: noon });
      const young = makeMessage({ mid: "young", at: afterNoon(60) });
      const elsewhere = makeMessage({ id: "other:msg:old", accountId: "other", mid: "old", at: noon });
      const turns = [makeTurn({ number: 1, decidedAt: noon }), makeTurn({ number: 2, decidedAt: afterNoon(60) })];
      const commands = [makeCommand({ id: "c1", at: noon }), makeCommand({ id: "c2", at: afterNoon(60) })];
      await save(one, {}, { messages: [old, young, elsewhere], turns, commands });
      assert.equal(await two.messages.removeBefore(accountId, afterNoon(60)), 1);
      assert.equal(await two.turns.removeBefore(accountId, afterNoon(60)), 1);
      assert.equal(await two.commands.removeBefore(afterNoon(60)), 1);
      const left = await one.messages.byIds([old.id, young.id, elsewhere.id]);
      assert.deepEqual(left.map(({ id }) => id).toSorted(), [elsewhere.id, young.id].toSorted());
      assert.equal((await one.conversations.list({ q: "outdated", limit: 10 })).total, 0);
      assert.deepEqual((await one.turns.list(adaId, { limit: 10 })).map(({ number }) => number), [2]);
      assert.deepEqual([await one.commands.get("c1"), (await one.commands.get("c2"))?.id], [undefined, "c2"]);
    },
  },
  {
    promise: "turns.outcomes() tells what the account's turns came to, newest first, up to the limit",
    run: async ({ one, two }) => {
      const review = { verdict: "edited", by: "ana", at: noon } as const;
      const told = { messageIds: ["m1", "m2"], outboundIds: ["o1"], topic: "prices", review };
      const replied = { kind: "replied", reason: "asks for a price", by: "rule:prices", texts: ["$20"] } as const;
      await save(one, {}, {
        turns: [
          makeTurn({ number: 1, decidedAt: new Date(noon.getTime() - 1) }),
          makeTurn({ number: 2 }),
          makeTurn({ number: 3, decidedAt: afterNoon(5), outcome: replied, ...told }),
          makeTurn({ number: 4, accountId: "other", id: "x", conversationId: "other_ada" }),
        ],
      });
      const silent = { kind: "silent", reason: "nothing to say" };
      const newest = { decidedAt: afterNoon(5), ...told, outcome: { kind: "replied", reason: replied.reason } };
      const oldest = { decidedAt: noon, messageIds: [], outboundIds: [], outcome: silent };
      assert.deepEqual(await two.turns.outcomes({ accountId, since: noon, limit: 9 }), [newest, oldest]);
      assert.deepEqual(await two.turns.outcomes({ accountId, since: noon, limit: 1 }), [newest]);
      assert.deepEqual(await two.turns.outcomes({ accountId, since: noon, before: afterNoon(5), limit: 9 }), [oldest]);
    },
  },
  {
    promise:
      "messages.marks() tells who wrote when and when that came, of the account and the time asked for, newest first, up to the limit",
    run: async ({ one, two }) => {
      const messages = [
        makeMessage({ mid: "early", at: new Date(noon.getTime() - 1) }),
        makeMessage({ mid: "in", at: noon }),
        makeMessage({ mid: "seen", at: afterNoon(1), role: "system", author: "contact", kind: "seen" }),
        makeMessage({ mid: "test", at: afterNoon(2), test: true }),
        makeMessage({ mid: "standby", at: afterNoon(3), standby: true }),
        makeMessage({ mid: "out", at: afterNoon(4), role: "assistant", author: "bot" }),
        makeMessage({ mid: "late", at: afterNoon(5) }),
      ];
      await save(one, {}, { messages });
      const came = { conversationId: adaId, receivedAt: noon, source: "webhook" };
      const into = { ...came, at: noon, author: "contact" };
      const out = { ...came, at: afterNoon(4), author: "bot" };
      const query = { accountId, since: noon, before: afterNoon(5) };
      assert.deepEqual(await two.messages.marks({ ...query, limit: 9 }), [out, into]);
      assert.deepEqual(await two.messages.marks({ ...query, limit: 1 }), [out]);
      assert.deepEqual(await two.messages.marks({ ...query, accountId: "other", limit: 9 }), []);
    },
  },
  {
    promise: "messages.page() gives the history newest last, page by page backwards, without gap or double",
    run: async ({ one, two }) => {
      const messages = Array.from(
        { length: 11 },
        (_, n) => makeMessage({ mid: `m${n}`, at: afterNoon(Math.floor(n / 4)) }),
      );
      await save(one, {}, { messages });
      await save(one, { psid: "bob" }, { messages: [makeMessage({ psid: "bob", mid: "x" })] });
      const newest = await two.messages.page(adaId, { limit: 3 });
      const times = newest.items.map(({ at }) => at.getTime());
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
      assert.deepEqual(newest.items.at(-1)?.at, afterNoon(2));
      const all = await readAll((before) => two.messages.page(adaId, { before, limit: 3 }));
      assert.deepEqual(all.map(({ id }) => id).toSorted(), messages.map(({ id }) => id).toSorted());
    },
  },
  {
    promise: "messages.page() begins before an instant when it is asked to",
    run: async ({ one, two }) => {
      const messages = [0, 1, 2, 3].map((n) => makeMessage({ mid: `m${n}`, at: afterNoon(n) }));
      await save(one, {}, { messages });
      const { items } = await two.messages.page(adaId, { before: afterNoon(2), limit: 10 });
      assert.deepEqual(items.map(({ mid }) => mid), ["m0", "m1"]);
    },
  },
  {
    promise: "turns.past() gives the account's turns of all conversations, oldest first, without the model's trace",
    run: async ({ one, two }) => {
      const agent = { ...trace, inputTokens: 1, outputTokens: 1 };
      const turns = [5, 1, 3, 3].map((at, n) => makeTurn({ number: n + 1, decidedAt: afterNoon(at), agent }));
      await save(one, {}, { turns });
      await save(one, { psid: "bob" }, { turns: [makeTurn({ psid: "bob", decidedAt: afterNoon(3) })] });
      const other = { id: "other_ada_t1", accountId: "other", conversationId: "other_ada", decidedAt: afterNoon(4) };
      await save(one, { psid: "eve" }, { turns: [makeTurn(other)] });
      const query = { accountId, since: afterNoon(3) };
      const whole = await two.turns.past({ ...query, limit: 10 });
      assert.deepEqual(whole.items.map(({ decidedAt }) => decidedAt), [3, 3, 3, 5].map(afterNoon));
      assert.ok(whole.items.every((turn) => !("agent" in turn)));
      const paged = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page = await two.turns.past({ ...query, limit: 2, cursor });
        paged.push(...page.items);
        cursor = page.nextCursor;
        more = cursor !== undefined;
      }
      assert.deepEqual(paged.map(({ id }) => id), whole.items.map(({ id }) => id));
    },
  },
  {
    promise: "messages.byIds() gives those that exist",
    run: async ({ one }) => {
      await save(one, {}, { messages: [makeMessage({ mid: "m1" }), makeMessage({ mid: "m2" })] });
      const found = await one.messages.byIds(["shop:msg:m2", "shop:msg:gone", "shop:msg:m1"]);
      assert.deepEqual(found.map(({ mid }) => mid).toSorted(), ["m1", "m2"]);
      assert.deepEqual(await one.messages.byIds([]), []);
    },
  },
  {
    promise: "messages.related() finds rows of the account by mid and by what they are about",
    run: async ({ one, two }) => {
      const about = makeMessage({
        id: "shop:react:m1",
        mid: undefined,
        refMid: "m1",
        role: "system",
        kind: "reaction",
      });
      const elsewhere = makeMessage({ id: "other:msg:m1", accountId: "other", mid: "m1" });
      await save(one, {}, { messages: [makeMessage({ mid: "m1" }), about, makeMessage({ mid: "m2" }), elsewhere] });
      const found = await two.messages.related(accountId, ["m1", "m9"]);
      assert.deepEqual(found.map(({ id }) => id).toSorted(), ["shop:msg:m1", "shop:react:m1"]);
      assert.deepEqual(await two.messages.related(accountId, []), []);
    },
  },
  {
    promise: "messages.count() counts each row once",
    run: async ({ one, two }) => {
      assert.equal(await one.messages.count(), 0);
      await save(one, {}, { messages: [makeMessage({ mid: "m1" }), makeMessage({ mid: "m2" })] });
      await save(one, {}, { messages: [makeMessage({ mid: "m2", text: "again" })] });
      assert.equal(await two.messages.count(), 2);
    },
  },
  {
    promise: "turns.list() gives a conversation's turns newest first, before a number when asked",
    run: async ({ one, two }) => {
      await save(one, {}, { turns: [1, 2, 3, 10].map((number) => makeTurn({ number })) });
      await save(one, { psid: "bob" }, { turns: [makeTurn({ psid: "bob", number: 7 })] });
      const numbers = async (options: { limit: number; beforeNumber?: number }): Promise<number[]> =>
        (await two.turns.list(adaId, options)).map(({ number }) => number);
      assert.deepEqual(await numbers({ limit: 3 }), [10, 3, 2]);
      assert.deepEqual(await numbers({ limit: 9, beforeNumber: 3 }), [2, 1]);
      assert.deepEqual((await two.turns.byIds([`${adaId}_t2`, "gone"])).map(({ number }) => number), [2]);
      assert.equal(await two.turns.get("gone"), undefined);
    },
  },
  {
    promise: "turns.mentioning() gives the turns that decided on a message or whose model was shown it",
    run: async ({ one, two }) => {
      const messageId = 'shop:msg:m"1';
      const prompt = [{ role: "system", text: "s" }, {
        role: "user",
        text: "hello",
        shows: [{ messageId: "x", start: 0, end: 1 }, { messageId, start: 1, end: 5 }],
      }];
      const agent = { ...trace, inputTokens: 1, outputTokens: 1, prompt };
      const at = (number: number): { number: number; decidedAt: Date } => ({ number, decidedAt: afterNoon(number) });
      await save(one, {}, {
        turns: [
          makeTurn({ ...at(1), agent }),
          makeTurn({ ...at(2), messageIds: ["y", messageId] }),
          makeTurn({ ...at(3), messageIds: ["shop:msg:m"] }),
          makeTurn({ ...at(4), agent }),
        ],
      });
      await save(one, { psid: "bob" }, { turns: [makeTurn({ psid: "bob", ...at(5), messageIds: [messageId] })] });
      const numbers = async (ms: number, limit = 9): Promise<number[]> => {
        const query = { conversationId: adaId, messageId, since: afterNoon(ms), limit };
        return (await two.turns.mentioning(query)).map(({ number }) => number);
      };
      assert.deepEqual(await numbers(0), [4, 2, 1]);
      assert.deepEqual([await numbers(2), await numbers(0, 1)], [[4, 2], [4]]);
    },
  },
  {
    promise: "turns.countSince(), tokensSince() and contactTokensSince() count from the instant on, it included",
    run: async ({ one }) => {
      const turns = [1, 2, 3].map((number) =>
        makeTurn({ number, decidedAt: afterNoon(number), agent: { ...trace, inputTokens: 100, outputTokens: 7 } })
      );
      await save(one, {}, { turns: [...turns, makeTurn({ number: 4, decidedAt: afterNoon(4) })] });
      assert.equal(await one.turns.countSince(adaId, afterNoon(2)), 3);
      assert.equal(await one.turns.tokensSince(accountId, afterNoon(2)), 214);
      assert.equal(await one.turns.tokensSince("other", noon), 0);
      assert.equal(await one.turns.contactTokensSince(adaId, afterNoon(3)), 107);
      assert.equal(await one.turns.contactTokensSince(`${accountId}_nobody`, noon), 0);
      assert.equal(await one.turns.countSince(adaId, afterNoon(5)), 0);
    },
  },
  {
    promise: "turns.ruleRuns() tells what each rule said in the account's turns, newest first, up to the limit",
    run: async ({ one, two }) => {
      const rules = [{ rule: "prices", verdict: "reply", reason: "price", ms: 0.2 }] as const;
      const turns = [1, 2].map((number) => makeTurn({ number, decidedAt: afterNoon(number), rules }));
      await save(one, {}, { turns });
      const [older, newer] = turns.map(({ id, decidedAt }) => ({ id, decidedAt, rules }));
      assert.deepEqual(await two.turns.ruleRuns({ accountId, since: noon, limit: 9 }), [newer, older]);
      assert.deepEqual(await two.turns.ruleRuns({ accountId, since: afterNoon(2), limit: 9 }), [newer]);
      assert.deepEqual(await two.turns.ruleRuns({ accountId, since: noon, limit: 1 }), [newer]);
      assert.deepEqual(await two.turns.ruleRuns({ accountId: "other", since: noon, limit: 9 }), []);
    },
  },
  {
    promise: "outbound.list() pages newest first, by states and by conversation, without gap or double",
    run: async ({ one, two }) => {
      const states = ["queued", "failed", "sent", "held"] as const;
      const items = Array.from(
        { length: 12 },
        (_, n) => makeItem({ seq: n + 1, state: states[n % 4], createdAt: afterNoon(Math.floor(n / 5)) }),
      );
      await save(one, { outbound: items });
      await save(one, { psid: "bob", outbound: [makeItem({ psid: "bob", state: "held", createdAt: afterNoon(9) })] });
      const all = await readAll((cursor) => two.outbound.list({ limit: 5, cursor }));
      assert.equal(new Set(all.map(({ id }) => id)).size, 13);
      assert.equal(all[0].psid, "bob");
      const state = ["failed", "held"] as const;
      const dead = await readAll((cursor) => two.outbound.list({ state, limit: 2, cursor }));
      assert.equal(new Set(dead.map(({ id }) => id)).size, 7);
      const times = dead.map(({ createdAt }) => createdAt.getTime());
      assert.deepEqual(times, times.toSorted((a, b) => b - a));
      const page = await two.outbound.list({ state, conversationId: adaId, limit: 2 });
      assert.deepEqual([page.items.length, page.total], [2, 6]);
      assert.equal((await two.outbound.list({ state: [], limit: 2 })).total, 0);
    },
  },
  {
    promise: "outbound.oldestAt() tells of the states that are asked for alone",
    run: async ({ one, two }) => {
      assert.equal(await one.outbound.oldestAt(["queued", "failed"]), undefined);
      const states = ["sent", "failed", "queued"] as const;
      await save(one, {
        outbound: states.map((state, index) =>
          makeItem({ seq: index + 1, state, createdAt: afterNoon(index * 1_000) })
        ),
      });
      assert.deepEqual(await two.outbound.oldestAt(["queued", "failed"]), afterNoon(1_000));
      assert.deepEqual(await two.outbound.oldestAt(["queued"]), afterNoon(2_000));
      assert.equal(await two.outbound.oldestAt(["held"]), undefined);
      assert.equal(await two.outbound.oldestAt([]), undefined);
    },
  },
  {
    promise: "outbound.countByState() follows each item from state to state",
    run: async ({ one, two }) => {
      const none = { queued: 0, sending: 0, sent: 0, failed: 0, uncertain: 0, held: 0, cancelled: 0, expired: 0 };
      assert.deepEqual(await one.outbound.countByState(), none);
      await save(one, { outbound: [makeItem(), makeItem({ seq: 2 })] });
      assert.deepEqual(await two.outbound.countByState(), { ...none, queued: 2 });
      await save(one, { outbound: [makeItem({ state: "sent" }), makeItem({ seq: 2 })] });
      assert.deepEqual(await two.outbound.countByState(), { ...none, queued: 1, sent: 1 });
    },
  },
];
