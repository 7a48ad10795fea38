import assert from "node:assert/strict";
import { changeContact, changeConversation } from "@/conversation/operator.ts";
import {
  beginSend,
  recordSend,
  sendGate,
  type SendResult,
  settleSend,
  stopItem,
  timeOutSend,
} from "@/conversation/send.ts";
import { after, answeredLedger, echoEvent, type Ledger, textEvent } from "@/conversation/testing.ts";
import { windowMs } from "@/conversation/window.ts";

const error = { message: "Instagram answered 500", status: 500 };

/** Two parts wait; the first POST has begun at noon + 4 s. */
function sendingLedger(): Ledger {
  const ledger = answeredLedger(["one", "two"]);
  post(ledger, 4_000);
  return ledger;
}

function post(ledger: Ledger, ms: number): void {
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(ms), requestMs: 15_000 }));
}

function record(ledger: Ledger, result: SendResult, { attempt = 1, ms = 5_000 } = {}): boolean {
  const options = { itemId: ledger.item(1).id, attempt, rows: [], settings: ledger.settings, now: after(ms) };
  const change = recordSend(ledger.start(), result, options);
  ledger.commit(change);
  return change !== undefined;
}

function settle(ledger: Ledger, kind: "absent" | "several" | "outOfReach", ms: number): void {
  const options = { rows: [], settings: ledger.settings, now: after(ms) };
  ledger.commit(settleSend(ledger.start(), ledger.item(1), { kind }, options));
}

Deno.test("sendGate() stops the bot for each reason that may have come up since the decision (C11, C13)", () => {
  const options = { operator: "ana", settings: answeredLedger(["one"]).settings, now: after(5_000) };
  const gate = (act: (ledger: Ledger) => void, ms = 5_000): string => {
    const ledger = answeredLedger(["one"]);
    const item = ledger.item(1);
    act(ledger);
    const result = sendGate(ledger.start(), item, ledger.settings, after(ms));
    return result.kind === "go" ? "go" : `${result.kind}: ${result.reason}`;
  };
  assert.equal(gate(() => {}), "go");
  assert.equal(
    gate((ledger) => ledger.commit(changeConversation(ledger.start(), { handler: "person" }, options))),
    "cancelled: a person took over",
  );
  assert.equal(
    gate((ledger) => ledger.commit(changeContact(ledger.start(), { optOut: true }, options))),
    "cancelled: the contact asked not to be written to",
  );
  assert.equal(
    gate((ledger) => ledger.commit(changeContact(ledger.start(), { neverBot: true }, options))),
    "cancelled: the bot never answers this contact",
  );
  assert.equal(
    gate((ledger) => ledger.settings = { ...ledger.settings, botEnabled: false }),
    "cancelled: the bot is switched off",
  );
  assert.equal(gate(() => {}, windowMs), "expired: Instagram's 24 h window is closed");
});

Deno.test("beginSend() writes the intent, with a new attempt number, before the POST (C8)", () => {
  const { state, attempt, deadlineAt, attempts } = sendingLedger().item(1);
  assert.deepEqual([state, attempt, deadlineAt], ["sending", 1, after(19_000)]);
  assert.deepEqual(attempts, [{ number: 1, startedAt: after(4_000), rev: 1 }]);
});

Deno.test("beginSend() begins neither the second part first, nor anything twice, nor too early (C9)", () => {
  const ledger = answeredLedger(["one", "two"]);
  const begin = (seq: number, ms: number): unknown =>
    beginSend(ledger.start(), ledger.item(seq).id, { now: after(ms), requestMs: 1 });
  assert.equal(begin(2, 9_000), undefined);
  assert.equal(begin(1, 3_999), undefined);
  post(ledger, 4_000);
  assert.equal(begin(1, 9_000), undefined);
});

Deno.test("stopItem() stops the parts behind it too: they do not leave when the obstacle is gone (C9)", () => {
  const ledger = answeredLedger(["one", "two"]);
  const stop = { kind: "expired", reason: "Instagram's 24 h window is closed" } as const;
  ledger.commit(stopItem(ledger.start(), ledger.item(1), stop, after(5_000)));
  assert.deepEqual([ledger.item(1).state, ledger.item(2).state], ["expired", "cancelled"]);
});

Deno.test("recordSend() puts what was sent into the history, under the mid that its echo will have", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "sent", mid: "x1" });
  const { author, turnId, outboundId } = ledger.messages.get("17841400000000001:msg:x1") ?? {};
  assert.deepEqual([author, turnId, outboundId], ["bot", [...ledger.turns.keys()][0], ledger.item(1).id]);
  ledger.receive([echoEvent("x1", { text: "one" })], after(6_000));
  assert.equal(ledger.aggregate.conversation.handler.kind, "bot");
});

Deno.test("recordSend() counts the cooldown from the sending", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "sent", mid: "x1" }, { ms: 8_000 });
  assert.deepEqual(ledger.aggregate.conversation.cooldownUntil, after(8_000 + ledger.settings.cooldownMs));
});

Deno.test("recordSend() spends no try on being throttled, and one on a failed connection", () => {
  for (const spent of [false, true]) {
    const ledger = sendingLedger();
    record(ledger, { kind: "retry", at: after(30_000), spent, error });
    assert.deepEqual([ledger.item(1).state, ledger.item(1).spent], ["queued", spent ? 1 : 0]);
    assert.deepEqual(ledger.aggregate.conversation.dueAt, after(30_000));
  }
});

Deno.test("recordSend() gives up the later parts when one is refused for good (C9)", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "failed", reason: "the contact is gone", error });
  assert.deepEqual([ledger.item(1).state, ledger.item(2).state], ["failed", "cancelled"]);
});

Deno.test("recordSend() ignores the result of an attempt that is not the one awaited", () => {
  const ledger = sendingLedger();
  assert.equal(record(ledger, { kind: "sent", mid: "x0" }, { attempt: 0 }), false);
  record(ledger, { kind: "retry", at: after(6_000), spent: true, error });
  assert.equal(record(ledger, { kind: "failed", reason: "late", error }), false);
  post(ledger, 6_000);
  assert.equal(record(ledger, { kind: "sent", mid: "x1" }), false);
  assert.deepEqual([ledger.item(1).state, ledger.item(1).attempt], ["sending", 2]);
});

Deno.test("recordSend() takes the late truth about a POST that was given up waiting for (C14)", () => {
  const ledger = sendingLedger();
  ledger.commit(timeOutSend(ledger.start(), ledger.item(1), { now: after(19_000), settleMs: 60_000 }));
  assert.deepEqual(ledger.aggregate.conversation.dueAt, after(79_000));
  assert.equal(record(ledger, { kind: "sent", mid: "x1" }, { ms: 20_000 }), true);
  assert.equal(ledger.item(1).state, "sent");
});

Deno.test("settleSend() lets the bot try once more what is not in the thread, then holds it for a person (C7)", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "uncertain", settleAt: after(60_000), error });
  settle(ledger, "absent", 61_000);
  assert.equal(ledger.item(1).state, "queued");
  post(ledger, 62_000);
  record(ledger, { kind: "uncertain", settleAt: after(120_000), error }, { attempt: 2, ms: 63_000 });
  settle(ledger, "absent", 121_000);
  assert.deepEqual([ledger.item(1).state, ledger.item(1).attempt, ledger.item(2).state], ["held", 2, "cancelled"]);
});

Deno.test("settleSend() holds a text that stands in the thread more than once", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "uncertain", settleAt: after(60_000), error });
  settle(ledger, "several", 61_000);
  assert.equal(ledger.item(1).state, "held");
});

Deno.test("settleSend() holds what is not in the thread when the contact wrote on meanwhile: late and twice is worse", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "uncertain", settleAt: after(60_000), error });
  ledger.receive([textEvent("m2", { at: after(30_000) })], after(30_000));
  settle(ledger, "absent", 61_000);
  const { state, reason } = ledger.item(1);
  assert.deepEqual([state, reason], ["held", "it may not have arrived, and the contact wrote on meanwhile"]);
});

Deno.test("settleSend() holds at once what stands too far back in the thread to be read", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "uncertain", settleAt: after(60_000), error });
  settle(ledger, "outOfReach", 61_000);
  const { state, reason } = ledger.item(1);
  assert.deepEqual([state, reason], ["held", "more was written since than Instagram shows"]);
});

Deno.test("the echo of a send that is recorded is kept once, as a proof of Instagram's own side", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "sent", mid: "x1" });
  ledger.receive([echoEvent("x1", { text: "one" })], after(6_000));
  ledger.receive([echoEvent("x1", { text: "one" })], after(9_000));
  assert.deepEqual(ledger.messages.get("17841400000000001:msg:x1")?.echoAt, after(6_000));
});

Deno.test("settleSend() asks a person when the thread cannot be read ten times", () => {
  const ledger = sendingLedger();
  record(ledger, { kind: "uncertain", settleAt: after(60_000), error });
  for (let n = 1; n <= 10; n += 1) {
    assert.equal(ledger.item(1).state, "uncertain");
    const finding = { kind: "unreadable", retryAt: after(60_000 * n), message: "500" } as const;
    const options = { rows: [], settings: ledger.settings, now: after(60_000 * n) };
    ledger.commit(settleSend(ledger.start(), ledger.item(1), finding, options));
  }
  assert.equal(ledger.item(1).state, "held");
});

Deno.test("an echo settles a send whose outcome is open", () => {
  const ledger = sendingLedger();
  ledger.receive([echoEvent("x1", { text: " one\n", at: after(3_000) })], after(6_000));
  assert.deepEqual([ledger.item(1).state, ledger.item(1).mid], ["sent", "x1"]);
  assert.equal(ledger.aggregate.conversation.handler.kind, "bot");
});

Deno.test("an echo that comes after the item was held or put back settles it: a person's retry sends no second (C7)", () => {
  for (const finding of ["several", "absent"] as const) {
    const ledger = sendingLedger();
    record(ledger, { kind: "uncertain", settleAt: after(60_000), error });
    settle(ledger, finding, 61_000);
    ledger.receive([echoEvent("x1", { text: "one", at: after(4_500) })], after(70_000));
    assert.equal(ledger.item(1).state, "sent");
    assert.equal(ledger.aggregate.conversation.handler.kind, "bot");
  }
});

Deno.test("an echo is a person's when its words are others, or when it is older than the POST", () => {
  const echoes = [
    echoEvent("x1", { text: "else", at: after(6_000) }),
    echoEvent("x1", { text: "one", at: after(-2_000) }),
  ];
  for (const echo of echoes) {
    const ledger = sendingLedger();
    ledger.receive([echo], after(6_000));
    assert.equal(ledger.item(1).state, "sending");
    const { handler } = ledger.aggregate.conversation;
    assert.equal(handler.kind === "person" && handler.by, "instagram-app");
    assert.equal(ledger.item(2).state, "cancelled");
  }
});

Deno.test("an echo of another app, and a test event of Meta's, hand the conversation to nobody", () => {
  for (const patch of [{ standby: true }, { test: true }]) {
    const ledger = answeredLedger(["one"]);
    ledger.receive([echoEvent("x1", patch)], after(5_000));
    assert.equal(ledger.aggregate.conversation.handler.kind, "bot");
  }
});

Deno.test("a message of the contact's reopens a closed conversation and its window", () => {
  const ledger = answeredLedger(["one"]);
  const options = { operator: "ana", settings: ledger.settings, now: after(5_000) };
  ledger.commit(changeConversation(ledger.start(), { state: "closed" }, options));
  ledger.receive([textEvent("m2", { at: after(9_000) })], after(9_000));
  const { state, windowClosesAt, unread } = ledger.aggregate.conversation;
  assert.deepEqual([state, windowClosesAt, unread], ["open", after(9_000 + windowMs), 2]);
});
