import assert from "node:assert/strict";
import { noteWindowEnd } from "@/conversation/outbound_items.ts";
import { actOnItem } from "@/conversation/operator.ts";
import { beginSend, recordSend } from "@/conversation/send.ts";
import { after, answeredLedger, Ledger, noon, textEvent } from "@/conversation/testing.ts";
import { noticeLeadMs, windowMs } from "@/conversation/window.ts";

const error = { message: "too many calls" };
const noticeMs = windowMs - noticeLeadMs;

/** The answer was throttled and waits until `ms` after noon. */
function waitingUntil(ms: number): Ledger {
  const ledger = answeredLedger(["one"]);
  const itemId = ledger.item(1).id;
  ledger.commit(beginSend(ledger.start(), itemId, { now: after(5_000), requestMs: 15_000 }));
  const options = { itemId, attempt: 1, rows: [], settings: ledger.settings, now: after(6_000) };
  ledger.commit(recordSend(ledger.start(), { kind: "retry", at: after(ms), spent: false, error }, options));
  return ledger;
}

Deno.test("an answer that would leave after the window's end is looked at half an hour before that", () => {
  const late = waitingUntil(windowMs);
  assert.deepEqual(late.aggregate.conversation.dueAt, after(noticeMs));
  assert.deepEqual(waitingUntil(windowMs - 120_000).aggregate.conversation.dueAt, after(windowMs - 120_000));
  assert.equal(beginSend(late.start(), late.item(1).id, { now: after(noticeMs), requestMs: 1 }), undefined);
});

Deno.test("people are told once, and no longer when the contact writes or the answer is gone", () => {
  const ledger = waitingUntil(windowMs);
  assert.equal(noteWindowEnd(ledger.start(), after(noticeMs - 1)).next, ledger.aggregate);
  ledger.commit(noteWindowEnd(ledger.start(), after(noticeMs)));
  assert.deepEqual(ledger.aggregate.conversation.windowNoticeAt, after(noticeMs));
  assert.deepEqual(ledger.aggregate.conversation.dueAt, after(windowMs));
  assert.equal(noteWindowEnd(ledger.start(), after(noticeMs + 1)).next, ledger.aggregate);
  const item = ledger.item(1);
  const options = { operator: "ana", settings: ledger.settings, now: after(noticeMs + 1) };
  const cancelled = actOnItem(ledger.start(), item, "cancel", options);
  assert.equal(cancelled.kind === "done" && cancelled.change.next.conversation.windowNoticeAt, undefined);
  ledger.receive([textEvent("m2", { at: after(noticeMs + 5) })], after(noticeMs + 5));
  assert.equal(ledger.aggregate.conversation.windowNoticeAt, undefined);
});

Deno.test("a burst that a rule puts off beyond the window is looked at in time, and then a person is asked", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("m1")], noon);
  const defer = { kind: "defer", until: after(2 * windowMs), reason: "closed", by: "rule:hours" } as const;
  ledger.begin("s1", after(4_000));
  assert.equal(ledger.decide("s1", defer, after(4_000)).kind, "deferred");
  assert.deepEqual(ledger.aggregate.debounce.dueAt, after(noticeMs));
  ledger.begin("s2", after(noticeMs));
  assert.equal(ledger.decide("s2", defer, after(noticeMs)).kind, "committed");
  const [turn] = [...ledger.turns.values()];
  assert.deepEqual([turn?.outcome.kind, turn?.outcome.reason], [
    "handedOff",
    "the answer would come after Instagram's 24 h window",
  ]);
  const { handler } = ledger.aggregate.conversation;
  assert.equal(handler.kind === "person" && handler.needed, true);
});
