import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type Aggregate, newAggregate, startChange } from "@/conversation/aggregate.ts";
import { enqueue } from "@/conversation/outbound_items.ts";
import { beginSend } from "@/conversation/send.ts";
import { accept, openIngest } from "@/ingest/testing/ingest.ts";
import { accountId, echo, envelope, inbound, psid } from "@/instagram/parse/testing/envelopes.ts";
import type { OutboundOrigin } from "@/store/records.ts";

const conversation = `${accountId}_${psid}`;
const noon = new Date("2026-11-24T12:00:00Z");

function text(mid: string, at: Date = noon, over: Record<string, unknown> = {}): Record<string, unknown> {
  return inbound({ message: { mid, text: `text of ${mid}` } }, { timestamp: at.getTime(), ...over });
}

function pendingOf(aggregate: Aggregate | undefined): string[] {
  return (aggregate?.debounce.pending ?? []).map(({ messageId }) => messageId.replace(`${accountId}:`, ""));
}

Deno.test("ingest writes each event of an envelope once and makes it pending (C2)", async () => {
  await using ingest = await openIngest();
  const { store, worker } = ingest;
  const id = await accept(store, envelope([text("a"), text("b"), inbound({ read: { mid: "x" } })]));
  assert.equal(await worker.drain(), 1);
  assert.deepEqual(pendingOf(await store.conversations.load(conversation)), ["msg:a", "msg:b"]);
  assert.equal(await store.messages.count(), 3);
  assert.equal((await store.envelopes.get(id))?.state, "split");
  assert.equal(ingest.calls.pending, 1);
});

Deno.test("ingest changes nothing when the same events come again in another envelope (C2)", async () => {
  await using ingest = await openIngest();
  const { store, worker } = ingest;
  await accept(store, envelope([text("a"), text("b")]));
  await worker.drain();
  const before = await store.conversations.load(conversation);
  await accept(store, envelope([text("b"), text("a"), text("b")]));
  await worker.drain();
  assert.deepEqual(await store.conversations.load(conversation), before);
  assert.equal(ingest.calls.pending, 1);
  assert.deepEqual(await ingest.counted("duplicate"), 3);
});

Deno.test("ingest drops events of accounts that Moca does not have, and says so", async () => {
  await using ingest = await openIngest();
  const { store, worker } = ingest;
  const foreign = await accept(store, envelope([text("a"), text("b")], { id: "999" }));
  const mixed = {
    ...envelope([]),
    entry: [envelope([text("c")]), envelope([text("d")], { id: "999" })].flatMap(({ entry }) => entry),
  };
  const both = await accept(store, mixed);
  await worker.drain();
  const { state, note } = await store.envelopes.get(foreign) ?? {};
  assert.deepEqual([state, note], ["dead", "unknown account 999: 2 event(s)"]);
  const kept = await store.envelopes.get(both);
  assert.deepEqual([kept?.state, kept?.note], ["split", "unknown account 999: 1 event(s)"]);
  assert.equal(await store.messages.count(), 1);
  assert.equal(await store.conversations.load(`999_${psid}`), undefined);
  assert.equal(await ingest.counted("unknownAccount"), 3);
});

Deno.test("ingest names Meta's dashboard test event for what it is", async () => {
  await using ingest = await openIngest();
  const value = {
    sender: { id: "12334" },
    recipient: { id: "23245" },
    message: { mid: "random_mid", text: "random_text" },
  };
  const id = await accept(
    ingest.store,
    envelope([], { id: "0", messaging: undefined, changes: [{ field: "messages", value }] }),
  );
  await ingest.worker.drain();
  const note = "unknown account 0: 1 event(s), the test event of Meta's dashboard";
  assert.equal((await ingest.store.envelopes.get(id))?.note, note);
});

Deno.test("ingest keeps what can never be read as dead, with the reason", async () => {
  await using ingest = await openIngest();
  const id = await accept(ingest.store, { object: "page", entry: [] });
  await ingest.worker.drain();
  const { state, note } = await ingest.store.envelopes.get(id) ?? {};
  assert.equal(state, "dead");
  assert.match(note ?? "", /"page"/);
});

Deno.test("ingest notes what belongs to no conversation", async () => {
  await using ingest = await openIngest();
  const changes = [{ field: "comments", value: { id: "1" } }];
  const id = await accept(ingest.store, envelope([text("a")], { changes }));
  await ingest.worker.drain();
  const { state, note } = await ingest.store.envelopes.get(id) ?? {};
  assert.deepEqual([state, note], ["split", "1 item(s) that belong to no conversation"]);
});

Deno.test("ingest keeps a conversation per contact apart", async () => {
  await using ingest = await openIngest();
  const contacts = Array.from({ length: 40 }, (_, n) => `c${n}`);
  await accept(ingest.store, envelope(contacts.map((id) => text(`m-${id}`, noon, { sender: { id } }))));
  await ingest.worker.drain();
  for (const id of contacts) {
    assert.deepEqual(pendingOf(await ingest.store.conversations.load(`${accountId}_${id}`)), [`msg:m-${id}`]);
  }
});

Deno.test("ingest takes 1,000 events of one contact in one request", async () => {
  await using ingest = await openIngest();
  const items = Array.from({ length: 1_000 }, (_, n) => text(`m${n}`));
  await accept(ingest.store, envelope(items));
  await ingest.worker.drain();
  assert.equal(pendingOf(await ingest.store.conversations.load(conversation)).length, 1_000);
});

Deno.test("ingest reads and applies anew when somebody else changes the conversation meanwhile (C21)", async () => {
  await using ingest = await openIngest({ clock: ManualClock.jumping(noon) });
  const { store } = ingest;
  await accept(store, envelope([text("a")]));
  await ingest.worker.drain();
  let races = 3;
  const rival = ingest.workerOver({
    commit: async (change) => {
      if (races > 0) {
        races -= 1;
        await accept(store, envelope([text(`rival ${races}`)]));
        await ingest.worker.drain();
      }
      return await store.conversations.commit(change);
    },
  });
  await accept(store, envelope([text("b")]));
  await rival.drain();
  const pending = pendingOf(await store.conversations.load(conversation));
  assert.deepEqual(pending.sort(), ["msg:a", "msg:b", "msg:rival 0", "msg:rival 1", "msg:rival 2"]);
});

Deno.test("ingest leaves an envelope for later when the conversation never holds still, and does not give it up (C21)", async () => {
  await using ingest = await openIngest({ clock: ManualClock.jumping(noon) });
  const { store, clock } = ingest;
  const id = await accept(store, envelope([text("a")]));
  const contended = ingest.workerOver({ commit: () => Promise.resolve("conflict") });
  for (let claim = 1; claim <= 5; claim += 1) {
    assert.equal(await contended.drain(), 1);
    assert.equal((await store.envelopes.get(id))?.state, "new");
    clock.advance(30_001);
  }
});

Deno.test("ingest gives an envelope up after five claims that failed, and never stops the others (C20)", async () => {
  await using ingest = await openIngest();
  const { store, clock } = ingest;
  const worker = ingest.workerOver({
    commit: (change) => {
      const isPoison = change.messages.some(({ mid }) => mid === "poison");
      return isPoison ? Promise.reject(new TypeError("text of poison")) : store.conversations.commit(change);
    },
  });
  const poison = await accept(store, envelope([text("poison")]));
  for (let claim = 1; claim <= 5; claim += 1) {
    assert.equal((await store.envelopes.get(poison))?.state, "new");
    const neighbour = await accept(store, envelope([text(`neighbour ${claim}`)]));
    await worker.drain();
    assert.equal((await store.envelopes.get(neighbour))?.state, "split");
    clock.advance(30_001);
  }
  const { state, note } = await store.envelopes.get(poison) ?? {};
  assert.deepEqual([state, note], ["dead", "failed 5 times, at last with TypeError"]);
  assert.equal(pendingOf(await store.conversations.load(conversation)).length, 5);
});

Deno.test("ingest gives up an envelope that killed the process at each of five claims, unread (C20)", async () => {
  await using ingest = await openIngest();
  const { store, clock } = ingest;
  const id = await accept(store, envelope([text("a")]));
  for (let claim = 1; claim <= 5; claim += 1) {
    await store.envelopes.claim({ owner: `killed ${claim}`, leaseMs: 30_000, limit: 10 });
    clock.advance(30_001);
  }
  await ingest.worker.drain();
  const { state, note } = await store.envelopes.get(id) ?? {};
  assert.deepEqual([state, note], ["dead", "given up after 5 claims"]);
  assert.equal(await store.messages.count(), 0);
});

Deno.test("ingest finishes what it can before it says that the store failed", async () => {
  await using ingest = await openIngest();
  const { store } = ingest;
  const worker = ingest.workerOver({
    commit: (change) =>
      change.next.contact.psid === "down" ? Promise.reject(ingest.outage) : store.conversations.commit(change),
  });
  const down = await accept(store, envelope([text("a", noon, { sender: { id: "down" } })]));
  const fine = await accept(store, envelope([text("b")]));
  await assert.rejects(worker.drain(), ingest.outage);
  const states = await Promise.all([down, fine].map(async (id) => (await store.envelopes.get(id))?.state));
  assert.deepEqual(states, ["new", "split"]);
});

Deno.test("ingest settles a send of ours by its echo, once, and wakes the queue", async () => {
  await using ingest = await openIngest();
  const { store, clock } = ingest;
  await accept(store, envelope([text("a")]));
  await ingest.worker.drain();
  const before = await store.conversations.load(conversation) ?? newAggregate({ accountId, psid }, noon);
  const origin = (part: number, parts: number): OutboundOrigin => ({ kind: "turn", turnId: "t", part, parts });
  const queued = enqueue(startChange(before), { texts: ["Hello there"], origin }, clock.now());
  const begun = beginSend(queued, queued.next.outbound[0].id, { now: clock.now(), requestMs: 10_000 });
  assert.ok(begun !== undefined && await store.conversations.commit(begun) === "committed");
  for (const mid of ["ours", "ours"]) {
    await accept(store, envelope([echo({ mid, text: "Hello there" }, { timestamp: clock.now().getTime() })]));
    await ingest.worker.drain();
  }
  const [row] = await store.messages.byIds([`${accountId}:msg:ours`]);
  const item = await store.outbound.get(queued.next.outbound[0].id);
  assert.deepEqual([item?.state, item?.mid, row.author, row.outboundId], ["sent", "ours", "bot", item?.id]);
  const after = await store.conversations.load(conversation);
  assert.equal(after?.conversation.handler.kind, "bot");
  assert.equal(ingest.calls.settled, 1);
});

Deno.test("ingest gives the conversation to the person who typed in the Instagram app", async () => {
  await using ingest = await openIngest();
  await accept(ingest.store, envelope([echo({ mid: "typed", text: "I'll take over" }, { timestamp: noon.getTime() })]));
  await ingest.worker.drain();
  const aggregate = await ingest.store.conversations.load(conversation);
  assert.equal(aggregate?.conversation.handler.kind, "person");
});

Deno.test("ingest erases what the contact took back, also when that comes first", async () => {
  await using ingest = await openIngest();
  const { store, worker } = ingest;
  for (const items of [[inbound({ message: { mid: "a", is_deleted: true } })], [text("a")]]) {
    await accept(store, envelope(items));
    await worker.drain();
  }
  const [row] = await store.messages.byIds([`${accountId}:msg:a`]);
  assert.deepEqual([row.text, row.unsentAt === undefined], [undefined, false]);
});
