import assert from "node:assert/strict";
import { actOnItem } from "@/conversation/operator.ts";
import { cancelRest, enqueue, headItem, threadGapMs } from "@/conversation/outbound_items.ts";
import { beginSend, recordSend } from "@/conversation/send.ts";
import { after, answeredLedger, type Ledger, noon } from "@/conversation/testing.ts";

const error = { message: "Instagram answered 400", status: 400 };

function post(ledger: Ledger, seq: number, ms: number): void {
  ledger.commit(beginSend(ledger.start(), ledger.item(seq).id, { now: after(ms), requestMs: 15_000 }));
}

Deno.test("enqueue() numbers items over the whole life of a conversation and keeps their order", () => {
  const ledger = answeredLedger(["one", "two"]);
  const origin = (part: number, parts: number) =>
    ({ kind: "operator", operator: "ana", commandId: "c1", part, parts }) as const;
  ledger.commit(enqueue(ledger.start(), { texts: ["three"], origin }, after(5_000)));
  assert.deepEqual(ledger.aggregate.outbound.map(({ seq, text }) => [seq, text]), [[1, "one"], [2, "two"], [
    3,
    "three",
  ]]);
});

Deno.test("the queue looks at the oldest item first, and again after the gap that a thread wants", () => {
  const ledger = answeredLedger(["one", "two"]);
  assert.deepEqual(ledger.aggregate.conversation.dueAt, after(4_000));
  post(ledger, 1, 4_000);
  const options = { itemId: ledger.item(1).id, attempt: 1, rows: [], settings: ledger.settings, now: after(4_500) };
  ledger.commit(recordSend(ledger.start(), { kind: "sent", mid: "x1" }, options));
  assert.deepEqual(ledger.aggregate.conversation.dueAt, after(4_500 + threadGapMs));
});

Deno.test("headItem() is the item under way also when an older one is tried again (C9)", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, 1, 4_000);
  const options = { itemId: ledger.item(1).id, attempt: 1, rows: [], settings: ledger.settings, now: after(5_000) };
  ledger.commit(recordSend(ledger.start(), { kind: "failed", reason: "gone", error }, options));
  const origin = (part: number, parts: number) =>
    ({ kind: "operator", operator: "ana", commandId: "c1", part, parts }) as const;
  ledger.commit(enqueue(ledger.start(), { texts: ["by hand"], origin }, after(6_000)));
  post(ledger, 2, 6_000);
  const act = { operator: "ana", settings: ledger.settings, now: after(6_500) };
  const retried = actOnItem(ledger.start(), ledger.item(1), "retry", act);
  assert.equal(retried.kind, "done");
  if (retried.kind === "done") ledger.commit(retried.change);
  assert.equal(headItem(ledger.aggregate.outbound)?.seq, 2);
  assert.equal(beginSend(ledger.start(), ledger.item(1).id, { now: after(60_000), requestMs: 1 }), undefined);
});

Deno.test("cancelRest() cancels the later parts of the same answer and nothing else (C9)", () => {
  const ledger = answeredLedger(["one", "two", "three"]);
  const origin = (part: number, parts: number) =>
    ({ kind: "operator", operator: "ana", commandId: "c1", part, parts }) as const;
  ledger.commit(enqueue(ledger.start(), { texts: ["by hand"], origin }, after(5_000)));
  const rest = cancelRest(ledger.start(), ledger.item(2), "stopped", noon).next.outbound;
  assert.deepEqual(rest.map(({ state }) => state), ["queued", "queued", "cancelled", "queued"]);
});
