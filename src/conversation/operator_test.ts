import assert from "node:assert/strict";
import {
  actOnItem,
  changeContact,
  changeConversation,
  type ItemOutcome,
  markRead,
  sendManually,
} from "@/conversation/operator.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { beginSend, recordSend } from "@/conversation/send.ts";
import { after, answeredLedger, Ledger, textEvent } from "@/conversation/testing.ts";
import { windowMs } from "@/conversation/window.ts";

const error = { message: "Instagram answered 400", status: 400 };
const byHand = { texts: ["by hand"], commandId: "command-1", bodyHash: "hash" };

function optionsOf(ledger: Ledger, ms = 5_000): { operator: string; settings: Ledger["settings"]; now: Date } {
  return { operator: "ana", settings: ledger.settings, now: after(ms) };
}

/** One part that Instagram refused for good. */
function failedLedger(): Ledger {
  const ledger = answeredLedger(["one"]);
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(4_000), requestMs: 15_000 }));
  const options = { itemId: ledger.item(1).id, attempt: 1, rows: [], settings: ledger.settings, now: after(4_500) };
  ledger.commit(recordSend(ledger.start(), { kind: "failed", reason: "refused", error }, options));
  return ledger;
}

Deno.test("sendManually() queues, takes over, cancels the bot's and leaves command and audit, all in one change (C13, C15)", () => {
  const ledger = answeredLedger(["one"]);
  const sent = sendManually(ledger.start(), byHand, optionsOf(ledger));
  assert.equal(sent.kind, "queued");
  if (sent.kind !== "queued") return;
  const { next, commands, audit } = sent.change;
  assert.deepEqual(next.outbound.map(({ state, text }) => [state, text]), [["cancelled", "one"], [
    "queued",
    "by hand",
  ]]);
  assert.equal(handlerAt(next.conversation, after(5_000)).kind, "person");
  assert.deepEqual([next.conversation.unread, sent.outboundIds], [0, [next.outbound[1]?.id]]);
  assert.deepEqual(commands.map(({ id, result }) => [id, result]), [["command-1", {
    outboundId: sent.outboundIds[0],
  }]]);
  assert.doesNotMatch(JSON.stringify(audit), /by hand/);
});

Deno.test("sendManually() is not held back by the bot's cooldown", () => {
  const ledger = answeredLedger(["one"], { cooldownMs: 600_000 });
  const sent = sendManually(ledger.start(), byHand, optionsOf(ledger));
  assert.deepEqual(sent.kind === "queued" && sent.change.next.conversation.dueAt, after(5_000));
});

Deno.test("sendManually() answers windowClosed after 24 h, unless the person uses the tag", () => {
  const ledger = answeredLedger(["one"]);
  const late = optionsOf(ledger, windowMs);
  assert.equal(sendManually(ledger.start(), byHand, late).kind, "windowClosed");
  assert.equal(sendManually(ledger.start(), { ...byHand, tag: "HUMAN_AGENT" }, late).kind, "queued");
  assert.equal(sendManually(new Ledger().start(), byHand, late).kind, "windowClosed");
});

Deno.test("changeConversation() hands over until the instant that was given, also a shorter one than before", () => {
  const ledger = new Ledger();
  ledger.commit(changeConversation(ledger.start(), { handler: "person" }, optionsOf(ledger)));
  const patch = { handler: "person", handlerUntil: after(65_000) } as const;
  const { handler } = changeConversation(ledger.start(), patch, optionsOf(ledger)).next.conversation;
  assert.deepEqual(handler.kind === "person" && handler.until, after(65_000));
});

Deno.test("changeConversation() writes down who changed what, before and after", () => {
  const ledger = new Ledger();
  const change = changeConversation(ledger.start(), { state: "closed", assignee: "ben" }, optionsOf(ledger));
  assert.deepEqual(change.audit.map(({ actor, changes }) => [actor, changes]), [
    ["ana", { state: { before: "open", after: "closed" }, assignee: { before: undefined, after: "ben" } }],
  ]);
  ledger.commit(change);
  assert.equal(
    changeConversation(ledger.start(), { assignee: null }, optionsOf(ledger)).next.conversation.assignee,
    undefined,
  );
});

Deno.test("changeContact() mutes at once: the bot's items that wait are cancelled (C13)", () => {
  for (const patch of [{ optOut: true }, { neverBot: true }]) {
    const ledger = answeredLedger(["one"]);
    ledger.commit(changeContact(ledger.start(), patch, optionsOf(ledger)));
    assert.equal(ledger.item(1).state, "cancelled");
  }
});

Deno.test("changeContact() sets, removes and keeps fields, each with a person's name on it", () => {
  const ledger = new Ledger();
  ledger.commit(changeContact(ledger.start(), { fields: { email: "a@x.mx", sector: "food" } }, optionsOf(ledger)));
  ledger.commit(changeContact(ledger.start(), { fields: { email: null }, tags: ["vip", "vip"] }, optionsOf(ledger)));
  const { fields, tags } = ledger.aggregate.contact;
  assert.deepEqual([Object.keys(fields), fields.sector?.by, tags], [["sector"], "ana", ["vip"]]);
});

Deno.test("markRead() changes nothing when there is nothing unread", () => {
  const ledger = new Ledger();
  const change = ledger.start();
  assert.equal(markRead(change), change);
  ledger.receive([textEvent("m1")], after(1));
  assert.equal(markRead(ledger.start()).next.conversation.unread, 0);
});

Deno.test("actOnItem() tries a dead letter again from the beginning, under a new attempt number", () => {
  const ledger = failedLedger();
  const outcome = actOnItem(ledger.start(), ledger.item(1), "retry", optionsOf(ledger));
  assert.equal(outcome.kind, "done");
  if (outcome.kind === "done") ledger.commit(outcome.change);
  assert.deepEqual([ledger.item(1).state, ledger.item(1).spent], ["queued", 0]);
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(6_000), requestMs: 1 }));
  assert.equal(ledger.item(1).attempt, 2);
});

Deno.test("actOnItem() refuses a retry that the gate would stop at once, and says why", () => {
  const ledger = failedLedger();
  const late = actOnItem(ledger.start(), ledger.item(1), "retry", optionsOf(ledger, windowMs));
  assert.deepEqual(late, { kind: "refused", reason: "Cannot retry: Instagram's 24 h window is closed" });
  ledger.commit(changeConversation(ledger.start(), { handler: "person" }, optionsOf(ledger)));
  const taken = actOnItem(ledger.start(), ledger.item(1), "retry", optionsOf(ledger));
  assert.deepEqual(taken, { kind: "refused", reason: "Cannot retry: a person took over" });
});

Deno.test("actOnItem() brings back what somebody discarded within seven days, and nothing else", () => {
  const ledger = failedLedger();
  const restore = (at = 6_000): ItemOutcome =>
    actOnItem(ledger.start(), ledger.item(1), "restore", optionsOf(ledger, at));
  assert.equal(restore().kind, "refused");
  const discarded = actOnItem(ledger.start(), ledger.item(1), "discard", optionsOf(ledger));
  if (discarded.kind === "done") ledger.commit(discarded.change);
  assert.equal(ledger.item(1).state, "cancelled");
  assert.equal(restore(8 * 24 * 3_600_000).kind, "refused");
  const back = restore(6 * 24 * 3_600_000);
  if (back.kind === "done") ledger.commit(back.change);
  assert.deepEqual([ledger.item(1).state, ledger.item(1).reason], ["failed", "brought back by ana"]);
});

Deno.test("actOnItem() cancels what waits with the parts behind it, and nothing that is on its way (C9)", () => {
  const ledger = answeredLedger(["one", "two"]);
  const outcome = actOnItem(ledger.start(), ledger.item(1), "cancel", optionsOf(ledger));
  const states = outcome.kind === "done" ? outcome.change.next.outbound.map(({ state }) => state) : [];
  assert.deepEqual(states, ["cancelled", "cancelled"]);
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(5_000), requestMs: 1 }));
  assert.deepEqual(actOnItem(ledger.start(), ledger.item(1), "cancel", optionsOf(ledger)), {
    kind: "refused",
    reason: "Cannot cancel an item that is sending: wants queued",
  });
});

Deno.test("actOnItem() discards a dead letter for good", () => {
  const ledger = failedLedger();
  const outcome = actOnItem(ledger.start(), ledger.item(1), "discard", optionsOf(ledger));
  if (outcome.kind === "done") ledger.commit(outcome.change);
  assert.deepEqual([ledger.item(1).state, ledger.item(1).reason], ["cancelled", "discarded by ana"]);
  assert.equal(ledger.aggregate.conversation.dueAt, undefined);
});

Deno.test("changeConversation() leaves the handler alone when only something else is changed", () => {
  const ledger = answeredLedger(["one"]);
  const change = changeConversation(ledger.start(), { assignee: "ben" }, optionsOf(ledger));
  assert.deepEqual(change.next.conversation.handler, ledger.aggregate.conversation.handler);
  assert.deepEqual(change.next.outbound.map(({ state }) => state), ["queued"]);
});

Deno.test("changeContact() writes down what was changed, before and after, and nothing else", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("m1")], after(0));
  const patch = { fields: { size: "M" }, tags: ["vip"], neverBot: true };
  const { audit } = changeContact(ledger.start(), patch, optionsOf(ledger));
  assert.deepEqual(audit.map(({ changes }) => changes), [{
    tags: { before: [], after: ["vip"] },
    neverBot: { before: false, after: true },
    "fields.size": { before: undefined, after: "M" },
  }]);
});

Deno.test("actOnItem() writes down which item went from which state to which", () => {
  const ledger = failedLedger();
  const outcome = actOnItem(ledger.start(), ledger.item(1), "retry", optionsOf(ledger));
  assert.equal(outcome.kind, "done");
  if (outcome.kind !== "done") return;
  const { action, changes } = outcome.change.audit[0]!;
  const wanted = { [ledger.item(1).id]: { before: "failed", after: "queued" } };
  assert.deepEqual([action, changes], ["outbound.retry", wanted]);
});

Deno.test("sendManually() leaves the conversation and its waiting answer to the bot when it keeps the bot", () => {
  const ledger = answeredLedger(["one"]);
  const sent = sendManually(ledger.start(), { ...byHand, keepsBot: true }, optionsOf(ledger));
  assert.equal(sent.kind, "queued");
  if (sent.kind !== "queued") return;
  const { next } = sent.change;
  assert.deepEqual(next.outbound.map(({ state }) => state), ["queued", "queued"]);
  assert.equal(handlerAt(next.conversation, after(5_000)).kind, "bot");
});
