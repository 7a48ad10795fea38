import assert from "node:assert/strict";
import fc from "fast-check";
import type { InboundEvent } from "@/conversation/event.ts";
import {
  after,
  answeredLedger,
  echoEvent,
  editEvent,
  Ledger,
  reactionEvent,
  seenEvent,
  textEvent,
  unsendEvent,
} from "@/conversation/testing.ts";
import { beginSend, timeOutSend } from "@/conversation/send.ts";

const mids = fc.integer({ min: 1, max: 5 }).map((n) => `m${n}`);
const echoMids = fc.integer({ min: 1, max: 3 }).map((n) => `e${n}`);
const anyMid = fc.oneof(mids, echoMids, fc.constant("bot1"));
const at = fc.integer({ min: -20, max: 20 }).map((seconds) => after(seconds * 1_000));

/** Instagram says one thing of one key: what an event holds follows from its key. */
const event: fc.Arbitrary<InboundEvent> = fc.oneof(
  mids.map((mid) => textEvent(mid, { at: after(Number(mid.slice(1)) % 3) })),
  mids.map((mid) => textEvent(`${mid}p`, { key: `postback:${mid}p`, kind: "postback", payload: "MENU" })),
  mids.map((mid) => textEvent(`${mid}s`, { standby: true, at: after(7) })),
  mids.map((mid) => textEvent(`${mid}i`, { kind: "media", text: undefined, attachments: [{ type: "image" }] })),
  echoMids.map((mid) => echoEvent(mid, { at: after(Number(mid.slice(1)) * 10) })),
  fc.constant(echoEvent("bot1", { text: "Hello", at: after(5_000) })),
  fc.tuple(mids, fc.integer({ min: 1, max: 3 })).map(([mid, n]) => editEvent(mid, n, { at: after(n) })),
  mids.map((mid) => unsendEvent(mid)),
  fc.tuple(anyMid, at).map(([mid, when]) => seenEvent(mid, { at: when })),
  fc.tuple(anyMid, fc.constantFrom("❤", "👍", undefined), at)
    .map(([mid, emoji, when]) => reactionEvent(mid, emoji, { at: when })),
);

/** The same events as they may come in: some again, in another order, in groups. */
const deliveries = fc.array(event, { minLength: 1, maxLength: 25, size: "max" }).chain((events) =>
  fc.record({
    events: fc.constant(events),
    again: fc.subarray(events),
    order: fc.array(fc.nat(), { minLength: events.length * 2, maxLength: events.length * 2 }),
    groups: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 10 }),
  })
);

function shuffled(events: readonly InboundEvent[], order: readonly number[]): readonly InboundEvent[] {
  return events.map((one, index) => ({ one, key: order[index] ?? 0 })).sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

function grouped(events: readonly InboundEvent[], sizes: readonly number[]): readonly (readonly InboundEvent[])[] {
  const groups: InboundEvent[][] = [];
  for (let start = 0; start < events.length;) {
    const size = sizes[groups.length % sizes.length] ?? 1;
    groups.push(events.slice(start, start + size));
    start += size;
  }
  return groups;
}

/** What is kept in the end, without what counts or times the commits themselves. */
function kept(ledger: Ledger): unknown {
  const { conversation, contact, debounce } = ledger.aggregate;
  const { ver: _ver, updatedAt: _updatedAt, ...rest } = conversation;
  const byId = <Row extends { id: string }>(rows: Iterable<Row>): Row[] =>
    [...rows].sort((a, b) => a.id < b.id ? -1 : 1);
  const whole = {
    conversation: rest,
    contact,
    debounce,
    messages: byId(ledger.messages.values()),
    items: byId(ledger.items.values()),
  };
  return JSON.parse(JSON.stringify(whole));
}

function assertSameEnd(start: () => Ledger): void {
  const now = after(10_000);
  fc.assert(
    fc.property(deliveries, ({ events, again, order, groups }) => {
      const inOrder = start();
      for (const one of events) inOrder.receive([one], now);
      const otherwise = start();
      for (const group of grouped(shuffled([...events, ...again], order), groups)) otherwise.receive(group, now);
      assert.deepEqual(kept(otherwise), kept(inOrder));
    }),
    { numRuns: 1_000 },
  );
}

Deno.test("receive() ends in the same state for every order, repetition and grouping of the same events (C3)", () => {
  assertSameEnd(() => new Ledger());
});

Deno.test("receive() ends in the same state while a send waits for its echo (C3)", () => {
  assertSameEnd(() => {
    const ledger = answeredLedger(["Hello"]);
    ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(4_000), requestMs: 1_000 }));
    ledger.commit(timeOutSend(ledger.start(), ledger.item(1), { now: after(9_000), settleMs: 60_000 }));
    return ledger;
  });
});

Deno.test("receive() shows only the last edit, and nothing of a message that was taken back, whatever came first", () => {
  const now = after(1_000);
  const ledger = new Ledger();
  ledger.receive([editEvent("m1", 2)], now);
  ledger.receive([editEvent("m1", 1)], now);
  ledger.receive([textEvent("m1")], now);
  assert.equal(ledger.messages.get("17841400000000001:msg:m1")?.text, "edit 2 of m1");
  ledger.receive([unsendEvent("m1")], now);
  ledger.receive([editEvent("m1", 3)], now);
  assert.doesNotMatch(JSON.stringify([...ledger.messages.values()]), /of m1/);
  assert.equal(ledger.aggregate.conversation.lastMessage?.text, "[unsent]");
});
