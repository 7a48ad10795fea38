import assert from "node:assert/strict";
import { type FollowUpPlan, planFollowUps } from "@/conversation/follow_up.ts";
import { takeOver } from "@/conversation/handler.ts";
import { changeConversation } from "@/conversation/operator.ts";
import { enqueue, headItem } from "@/conversation/outbound_items.ts";
import { beginSend, markSent, recordSend, sendGate, stopItem } from "@/conversation/send.ts";
import { after, answeredLedger, Ledger, noon, replyWith, textEvent } from "@/conversation/testing.ts";
import type { OutboundItem } from "@/store/records.ts";

const hourMs = 3_600_000;
const dueAt = after(20 * hourMs);

function plan(ledger: Ledger, patch: Partial<FollowUpPlan> = {}): void {
  const plans = [{ at: dueAt, text: "Still there?", by: "rule:quiet", why: "asked", evenIfAnswered: false, ...patch }];
  ledger.commit(planFollowUps(ledger.start(), { turnId: "t1", plans }, after(5_000)));
}

/** A conversation whose answer, item 1, has been sent. */
function sentLedger(): Ledger {
  const ledger = answeredLedger(["one"]);
  const options = { mid: "x1", sentAt: after(5_000), evidence: "echo", rows: [] } as const;
  const rest = { settings: ledger.settings, now: after(5_000) };
  ledger.commit(markSent(ledger.start(), ledger.item(1), { ...options, ...rest }));
  return ledger;
}

function planned(ledger: Ledger): OutboundItem {
  return ledger.item(2);
}

function gateOf(ledger: Ledger, now: Date = dueAt): ReturnType<typeof sendGate> {
  return sendGate(ledger.start(), planned(ledger), ledger.settings, now);
}

Deno.test("planFollowUps() lets a text wait for its time and calls the conversation scheduled", () => {
  const ledger = sentLedger();
  plan(ledger);
  const { conversation } = ledger.aggregate;
  assert.deepEqual([planned(ledger).state, conversation.dueAt, conversation.state], ["queued", dueAt, "scheduled"]);
  assert.deepEqual(gateOf(ledger), { kind: "go" });
});

Deno.test("a follow-up that is due leaves like any answer of the bot's, once (C7)", () => {
  const ledger = sentLedger();
  plan(ledger);
  const { id } = planned(ledger);
  assert.equal(beginSend(ledger.start(), id, { now: after(20 * hourMs - 1), requestMs: 15_000 }), undefined);
  ledger.commit(beginSend(ledger.start(), id, { now: dueAt, requestMs: 15_000 }));
  assert.equal(beginSend(ledger.start(), id, { now: dueAt, requestMs: 15_000 }), undefined);
  const options = { itemId: id, attempt: 1, rows: [], settings: ledger.settings, now: dueAt };
  ledger.commit(recordSend(ledger.start(), { kind: "sent", mid: "x2" }, options));
  const { state, lastBotSentAt, dueAt: next } = ledger.aggregate.conversation;
  assert.deepEqual([planned(ledger).state, state, lastBotSentAt, next], ["sent", "open", dueAt, undefined]);
  assert.equal(ledger.messages.get("17841400000000001:msg:x2")?.author, "bot");
});

Deno.test("a follow-up holds up nothing that is said meanwhile", () => {
  const ledger = sentLedger();
  plan(ledger);
  const origin = () => ({ kind: "operator", operator: "ana", commandId: "c", part: 1, parts: 1 }) as const;
  ledger.commit(enqueue(ledger.start(), { texts: ["by hand"], origin }, after(9_000)));
  assert.equal(headItem(ledger.aggregate.outbound)?.text, "by hand");
  assert.deepEqual(ledger.aggregate.conversation.dueAt, after(9_000));
});

Deno.test("a follow-up is cancelled when the contact writes, unless it is wanted even so", () => {
  for (const [evenIfAnswered, state] of [[false, "cancelled"], [true, "queued"]] as const) {
    const ledger = sentLedger();
    plan(ledger, { evenIfAnswered });
    ledger.receive([textEvent("m2", { at: after(hourMs) })], after(hourMs));
    assert.equal(planned(ledger).state, state);
    assert.equal(ledger.aggregate.conversation.state, evenIfAnswered ? "scheduled" : "open");
  }
});

Deno.test("a follow-up that the window would stop is not planned, and says so", () => {
  const ledger = sentLedger();
  plan(ledger, { at: after(24 * hourMs) });
  assert.equal(planned(ledger).state, "cancelled");
  assert.match(planned(ledger).reason ?? "", /after Instagram's 24 h window/);
  assert.equal(ledger.aggregate.conversation.state, "open");
});

Deno.test("a follow-up wanted in any case expires with the window, and leaves when the contact opened it again (C11)", () => {
  const ledger = sentLedger();
  plan(ledger, { at: after(25 * hourMs), evenIfAnswered: true });
  const gate = gateOf(ledger, after(25 * hourMs));
  assert.equal(gate.kind, "expired");
  ledger.receive([textEvent("m2", { at: after(2 * hourMs) })], after(2 * hourMs));
  assert.deepEqual(gateOf(ledger, after(25 * hourMs)), { kind: "go" });
});

Deno.test("a follow-up is cancelled with its reason when a person takes over (C13)", () => {
  const ledger = sentLedger();
  plan(ledger);
  const takeover = { by: "ana", reason: "ana answered", needed: false, at: after(hourMs), takeoverHours: 1 };
  ledger.commit(takeOver(ledger.start(), takeover, after(hourMs)));
  assert.deepEqual([planned(ledger).state, planned(ledger).reason], ["cancelled", "a person took over"]);
});

Deno.test("a follow-up does not leave into a closed conversation, nor while the bot only drafts", () => {
  const ledger = sentLedger();
  plan(ledger);
  const options = { operator: "ana", settings: ledger.settings, now: after(hourMs) };
  ledger.commit(changeConversation(ledger.start(), { state: "closed" }, options));
  const gate = gateOf(ledger);
  assert.deepEqual(gate, { kind: "cancelled", reason: "the conversation was closed" });
  ledger.commit(stopItem(ledger.start(), planned(ledger), gate, dueAt));
  assert.equal(ledger.aggregate.conversation.state, "closed");
  const drafting = sentLedger();
  plan(drafting);
  drafting.settings = { ...drafting.settings, mode: "draft" };
  assert.deepEqual(gateOf(drafting), { kind: "cancelled", reason: "the bot only drafts answers now" });
});

Deno.test("what is no follow-up leaves while the bot only drafts, and into a closed conversation", () => {
  const ledger = answeredLedger(["one"]);
  const options = { operator: "ana", settings: ledger.settings, now: after(5_000) };
  ledger.commit(changeConversation(ledger.start(), { state: "closed" }, options));
  const settings = { ...ledger.settings, mode: "draft" } as const;
  assert.deepEqual(sendGate(ledger.start(), ledger.item(1), settings, after(5_000)), { kind: "go" });
});

Deno.test("a newer follow-up takes the place of its author's earlier one, and of nobody else's", () => {
  const ledger = sentLedger();
  plan(ledger, { by: "agent" });
  plan(ledger, { by: "rule:quiet" });
  plan(ledger, { by: "rule:quiet", text: "newer" });
  assert.deepEqual(ledger.aggregate.outbound.map(({ text }) => text), ["Still there?", "newer"]);
});

Deno.test("a turn that is pulled back takes its follow-up along (C12)", () => {
  const ledger = answeredLedger(["one"]);
  const turnId = ledger.aggregate.conversation.lastTurn?.id ?? "";
  const plans = [{ at: dueAt, text: "later", by: "agent", why: "asked", evenIfAnswered: true }];
  ledger.commit(planFollowUps(ledger.start(), { turnId, plans }, noon));
  ledger.receive([textEvent("m2", { at: after(4_500) })], after(4_500));
  assert.deepEqual(ledger.aggregate.outbound, []);
});

Deno.test("a follow-up of an answer that went past newer messages is dropped: the contact is not silent", () => {
  for (const evenIfAnswered of [false, true]) {
    const ledger = new Ledger();
    ledger.receive([textEvent("m1")], noon);
    ledger.aggregate = { ...ledger.aggregate, debounce: { ...ledger.aggregate.debounce, supersedes: 2 } };
    ledger.begin("s1", after(4_000));
    ledger.receive([textEvent("m2", { at: after(5_000) })], after(5_000));
    const plans = [{ at: dueAt, text: "later", by: "agent", why: "asked", evenIfAnswered }];
    assert.equal(ledger.decide("s1", replyWith("one"), after(6_000), plans).kind, "committed");
    assert.deepEqual([ledger.aggregate.conversation.lastTurn?.forced, ledger.aggregate.debounce.pending.length], [
      true,
      1,
    ]);
    const waiting = ledger.aggregate.outbound.filter(({ origin }) => origin.kind === "followUp");
    assert.equal(waiting.length, evenIfAnswered ? 1 : 0);
  }
});
