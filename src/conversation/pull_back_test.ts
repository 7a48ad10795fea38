import assert from "node:assert/strict";
import type { Change } from "@/conversation/aggregate.ts";
import { actOnItem } from "@/conversation/operator.ts";
import { takeBackStale } from "@/conversation/pull_back.ts";
import { beginSend, recordSend, stopItem } from "@/conversation/send.ts";
import { after, answeredLedger, editEvent, type Ledger, replyWith, textEvent } from "@/conversation/testing.ts";

function states(ledger: Ledger): readonly string[] {
  return [...ledger.items.values()].map(({ state }) => state);
}

function beginFirst(ledger: Ledger): void {
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(4_000), requestMs: 15_000 }));
}

Deno.test("a new message takes back an answer that has not begun to leave; the next turn answers all (C12)", () => {
  const ledger = answeredLedger(["one", "two"]);
  ledger.receive([textEvent("m2")], after(5_000));
  assert.deepEqual(states(ledger), ["cancelled", "cancelled"]);
  ledger.begin("s2", after(9_000));
  ledger.decide("s2", replyWith("both"), after(9_000));
  const turns = [...ledger.turns.values()];
  assert.deepEqual(turns.map(({ number, messageIds }) => [number, messageIds.length]), [[1, 2]]);
});

Deno.test("an edit of what is being answered takes the answer back too; an edit of something older does not", () => {
  const ledger = answeredLedger(["one"]);
  ledger.receive([editEvent("m0", 1)], after(5_000));
  assert.deepEqual(states(ledger), ["queued"]);
  ledger.receive([editEvent("m1", 1)], after(5_000));
  assert.deepEqual(states(ledger), ["cancelled"]);
  assert.deepEqual(ledger.aggregate.debounce.dueAt, after(8_500));
});

Deno.test("an answer whose first part has begun to leave is finished", () => {
  const ledger = answeredLedger(["one", "two"]);
  beginFirst(ledger);
  ledger.receive([textEvent("m2")], after(5_000));
  assert.deepEqual(states(ledger), ["sending", "queued"]);
});

Deno.test("an answer is finished also when its first part is sent and no longer listed", () => {
  const ledger = answeredLedger(["one", "two"]);
  beginFirst(ledger);
  const { settings } = ledger;
  const options = { itemId: ledger.item(1).id, attempt: 1, rows: [], settings, now: after(4_500) };
  ledger.commit(recordSend(ledger.start(), { kind: "sent", mid: "x1" }, options));
  ledger.receive([textEvent("m2")], after(5_000));
  assert.deepEqual(states(ledger), ["sent", "queued"]);
});

Deno.test("an answer is taken back also when a person cancelled its last part (C12)", () => {
  const ledger = answeredLedger(["one", "two"]);
  const options = { operator: "ana", settings: ledger.settings, now: after(4_500) };
  const outcome = actOnItem(ledger.start(), ledger.item(2), "cancel", options);
  assert.equal(outcome.kind, "done");
  if (outcome.kind === "done") ledger.commit(outcome.change);
  ledger.receive([textEvent("m2")], after(5_000));
  assert.deepEqual(states(ledger), ["cancelled", "cancelled"]);
});

Deno.test("taking an answer back takes its cooldown back, to that of the last one that was sent", () => {
  const ledger = answeredLedger(["one"], { cooldownMs: 7_000 });
  beginFirst(ledger);
  const { settings } = ledger;
  const options = { itemId: ledger.item(1).id, attempt: 1, rows: [], settings, now: after(4_500) };
  ledger.commit(recordSend(ledger.start(), { kind: "sent", mid: "x1" }, options));
  ledger.receive([textEvent("m2")], after(20_000));
  ledger.begin("s2", after(24_000));
  ledger.decide("s2", replyWith("two"), after(24_000));
  assert.deepEqual(ledger.aggregate.conversation.cooldownUntil, after(31_000));
  ledger.receive([textEvent("m3")], after(24_500));
  const { lastBotAt, cooldownUntil } = ledger.aggregate.conversation;
  assert.deepEqual([lastBotAt, cooldownUntil], [after(4_500), after(11_500)]);
});

Deno.test("an answer that the contact has waited for too long is not taken back any more (C19)", () => {
  const ledger = answeredLedger(["one"]);
  for (const n of [2, 3]) {
    ledger.receive([textEvent(`m${n}`)], after(n * 1_000 + 3_000));
    ledger.begin(`s${n}`, after(n * 10_000));
    ledger.decide(`s${n}`, replyWith(`answer ${n}`), after(n * 10_000));
  }
  ledger.receive([textEvent("m4")], after(31_000));
  assert.deepEqual(states(ledger), ["cancelled", "cancelled", "queued"]);
  assert.deepEqual([...ledger.turns.values()].map(({ forced }) => forced), [true]);
});

Deno.test("an answer that a person retries is not taken back while the next turn is decided: its number is taken (C6)", () => {
  const ledger = answeredLedger(["one"]);
  const stop = { kind: "expired", reason: "Instagram's 24 h window is closed" } as const;
  ledger.commit(stopItem(ledger.start(), ledger.item(1), stop, after(5_000)));
  ledger.receive([textEvent("m2")], after(6_000));
  ledger.begin("s2", after(10_000));
  const options = { operator: "ana", settings: ledger.settings, now: after(11_000) };
  const retried = actOnItem(ledger.start(), ledger.item(1), "retry", options);
  if (retried.kind === "done") ledger.commit(retried.change);
  ledger.receive([textEvent("m3")], after(12_000));
  assert.deepEqual([states(ledger), ledger.aggregate.conversation.nextTurn], [["queued"], 2]);
});

const minute = 60_000;

function takenBack(ledger: Ledger, seq: number, at: number): Change | undefined {
  const options = { before: after(at - 15 * minute), cooldownMs: 0, now: after(at) };
  return takeBackStale(ledger.start(), ledger.item(seq), options);
}

Deno.test("an answer that waited too long is decided anew, once", () => {
  const ledger = answeredLedger(["we are open", "until six"]);
  assert.equal(takenBack(ledger, 1, 15 * minute), undefined);
  ledger.commit(takenBack(ledger, 1, 20 * minute));
  assert.deepEqual(states(ledger), ["cancelled", "cancelled"]);
  assert.match(ledger.item(1).reason ?? "", /waited too long.*decided anew/);
  assert.deepEqual(ledger.aggregate.debounce.dueAt, after(20 * minute));
  ledger.begin("s2", after(20 * minute));
  ledger.decide("s2", replyWith("we have closed"), after(20 * minute));
  assert.deepEqual([...ledger.turns.values()].map(({ number, forced }) => [number, forced]), [[1, true]]);
  assert.equal(takenBack(ledger, 3, 60 * minute), undefined);
});

Deno.test("what has begun to leave is finished, however long it took", () => {
  const ledger = answeredLedger(["one", "two"]);
  beginFirst(ledger);
  assert.equal(takenBack(ledger, 2, 60 * minute), undefined);
});
