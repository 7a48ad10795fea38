/** A store with something in every collection, as a shop has that was busy a moment ago. */
import type { Store } from "@/store/store.ts";
import { save } from "@/store/testing/check.ts";
import {
  accountId,
  afterNoon,
  makeAccount,
  makeAuditEntry,
  makeCommand,
  makeEnvelope,
  makeItem,
  makeMessage,
  makeOperator,
  makeSession,
  makeTurn,
  noon,
} from "@/store/testing/factories.ts";

/** Fills an empty store. */
export async function fillLively(store: Store): Promise<void> {
  await store.accounts.put(makeAccount({ username: "shop", settings: { "a.b": 1, $c: noon } }), 0);
  const stamps = { ver: 0, createdAt: noon, updatedAt: noon, updatedBy: "ana" };
  await store.knowledge.put({ id: "d1", accountId: "shop", title: "Hours", text: "open at 8", ...stamps }, 0);
  await store.cannedReplies.put(
    { id: "r1", accountId: "shop", title: "Hours", shortcut: "hours", body: "open at 8", ...stamps },
    0,
  );
  await fillAda(store);
  await store.typedTexts.put({
    conversationId: "shop_ada",
    operator: "grace",
    text: "We have",
    writing: "reply",
    commandId: "t1",
    savedAt: noon,
  });
  const says = [{ kind: "text", text: "hi", attachments: [] }] as const;
  const expected = { outcome: "replied", by: "rule:prices", contains: "$20" } as const;
  const steps = [{ at: noon, says, expected }];
  const simulated = { accountId, contact: { name: "Ada" }, steps, savedAt: noon, savedBy: "grace" };
  await store.simulations.put({ id: "s1", name: "prices", ...simulated });
  await store.savedViews.put({ id: "grace/vip", operator: "grace", name: "vip", query: "tag=vip", savedAt: noon });
  await fillCalm(store);
  for (const n of [1, 2, 3]) await store.envelopes.accept(makeEnvelope({ id: `e${n}`, body: `{"n":${n}}` }));
  await store.envelopes.finish([{ id: "e1", state: "split" }, { id: "e2", state: "dead", note: "no JSON" }]);
  await store.limits.reserve(accountId, 250);
  await store.limits.pause(`${accountId}:read`, { until: afterNoon(60_000), strikes: 3, reason: "429" });
  await store.operators.put(makeOperator(), 0);
  await store.limits.note(accountId, { value: 82.5, at: afterNoon(1_000) });
  await store.sessions.put(makeSession());
  await store.audit.add([1, 2, 3].map((n) => makeAuditEntry({ id: `s${n}`, changes: { "x.y": { before: n } } })));
}

/** Has written, waits for a turn, was answered, and has an answer on its way. */
async function fillAda(store: Store): Promise<void> {
  const pending = [{ messageId: "shop:msg:m2", at: noon, receivedAt: afterNoon(5) }];
  await save(store, { contact: { name: "Ada Núñez", username: "ada.n", profile: "known" } }, {
    messages: [makeMessage({ text: "¿Tienen talla 38?", referral: { "$ref.x": "ad" } })],
    turns: [makeTurn({ messageIds: ["shop:msg:m1"] })],
  });
  await save(store, {
    conversation: { unread: 2, dueAt: noon, lastUserAt: noon, nextTurn: 2, nextSeq: 4 },
    contact: { tags: ["vip"], fields: { size: { value: "38", source: "agent", at: noon } } },
    debounce: { pending, firstAt: noon, lastAt: noon, dueAt: afterNoon(10) },
    outbound: [
      makeItem({ seq: 1, state: "sent", sentAt: noon, mid: "mid1" }),
      makeItem({ seq: 2, state: "uncertain", attempt: 1, attempts: [{ number: 1, startedAt: noon, rev: 1 }] }),
      makeItem({ seq: 3 }),
    ],
  }, {
    messages: [makeMessage({ mid: "m2", text: "gracias", at: afterNoon(5) })],
    commands: [makeCommand()],
    audit: [makeAuditEntry({ id: "a1" })],
  });
}

/** More conversations than a page of the inbox, each with a message; of another account too. */
async function fillCalm(store: Store): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const psid = `calm${n}`;
    const account = n % 5 === 0 ? "other" : accountId;
    const at = afterNoon(-n * 1_000);
    await save(store, {
      psid,
      accountId: account,
      conversation: {
        state: n % 3 === 0 ? "closed" : "open",
        lastMessage: { messageId: `c${n}`, role: "user", author: "contact", text: "hola", at },
      },
    }, {
      messages: [makeMessage({
        id: `${account}:msg:c${n}`,
        accountId: account,
        conversationId: `${account}_${psid}`,
        mid: `c${n}`,
        text: "hola",
        at,
      })],
    });
  }
}
