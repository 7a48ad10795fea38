import assert from "node:assert/strict";
import type { Change } from "@/conversation/aggregate.ts";
import { takeOver } from "@/conversation/handler.ts";
import { beginSend } from "@/conversation/send.ts";
import { after, answeredLedger, type Ledger, noon } from "@/conversation/testing.ts";
import { type NextStep, nextStep, type StepFacts } from "@/outbound/next_step.ts";
import { defaultTimings } from "@/outbound/timings.ts";
import type { Account, OutboundItem } from "@/store/records.ts";
import type { Limit } from "@/store/store.ts";

const account: Account = {
  id: "17841400000000001",
  token: { sealed: "v1.x", ending: "oken", savedAt: noon },
  state: "active",
  settings: {},
  ver: 1,
  createdAt: noon,
  updatedAt: noon,
};

function stepAt(change: Change, ms: number, patch: Partial<StepFacts> = {}): NextStep {
  return nextStep(change, { account, now: after(ms), timings: defaultTimings, ...patch });
}

function headOf(step: NextStep): OutboundItem | undefined {
  return step.kind === "write" ? step.change.next.outbound[0] : undefined;
}

function begun(ledger: Ledger): Change {
  const change = beginSend(ledger.start(), ledger.item(1).id, { now: after(5_000), requestMs: 15_000 });
  assert.ok(change);
  return change;
}

Deno.test("nextStep() sends what is due", () => {
  const step = stepAt(answeredLedger(["one", "two"]).start(), 5_000);
  assert.equal(step.kind === "send" && step.item.text, "one");
});

Deno.test("nextStep() has nothing to do with what is not due", () => {
  assert.equal(stepAt(answeredLedger(["one"]).start(), 3_999).kind, "nothing");
});

Deno.test("nextStep() ends an item that a person took over (C13)", () => {
  const taken = takeOver(
    answeredLedger([]).start(),
    { by: "ana", reason: "ana took over", needed: false, at: noon, takeoverHours: 1 },
    noon,
  );
  const { handler } = taken.next.conversation;
  const change = answeredLedger(["one"]).start();
  const person = { ...change, next: { ...change.next, conversation: { ...change.next.conversation, handler } } };
  assert.equal(headOf(stepAt(person, 5_000))?.state, "cancelled");
});

Deno.test("nextStep() lets an item expire that Instagram's window no longer allows (C11)", () => {
  const dayMs = 24 * 3_600_000;
  assert.equal(headOf(stepAt(answeredLedger(["one"]).start(), dayMs - 59_000))?.state, "expired");
});

const obstacles: Readonly<Record<string, readonly [Partial<StepFacts>, RegExp]>> = {
  "is not known": [{ account: undefined }, /account is not known/],
  "has no token": [{ account: { ...account, token: undefined } }, /no access token/],
  "is paused": [{ account: { ...account, state: "paused", pausedReason: "the token expired" } }, /the token expired/],
};

for (const [name, [facts, reason]] of Object.entries(obstacles)) {
  Deno.test(`nextStep() lets an item wait and says why when its account ${name}`, () => {
    const item = headOf(stepAt(answeredLedger(["one"]).start(), 5_000, facts));
    assert.deepEqual([item?.state, item?.spent, item?.notBefore], ["queued", 0, after(65_000)]);
    assert.match(item?.reason ?? "", reason);
  });
}

Deno.test("nextStep() lets an item wait for the end of the account's pause", () => {
  const limit = { pausedUntil: after(50_000), strikes: 1, reason: "the account made too many calls" };
  const item = headOf(stepAt(answeredLedger(["one"]).start(), 5_000, { limit }));
  assert.deepEqual([item?.state, item?.notBefore], ["queued", after(50_000)]);
  assert.match(item?.reason ?? "", /too many calls/);
});

Deno.test("nextStep() makes a POST uncertain whose deadline is past, and waits a minute more (C7)", () => {
  const change = begun(answeredLedger(["one"]));
  assert.equal(stepAt(change, 19_999).kind, "nothing");
  const item = headOf(stepAt(change, 20_000));
  assert.deepEqual([item?.state, item?.settleAt], ["uncertain", after(80_000)]);
});

Deno.test("nextStep() reads the thread of an uncertain item when its time has come, and puts it off when paused", () => {
  const step = stepAt(begun(answeredLedger(["one"])), 20_000);
  assert.ok(step.kind === "write");
  assert.equal(stepAt(step.change, 79_999).kind, "nothing");
  assert.equal(stepAt(step.change, 80_000).kind, "settle");
  const waiting = headOf(stepAt(step.change, 80_000, { account: { ...account, state: "paused" } }));
  assert.deepEqual([waiting?.state, waiting?.settleAt, waiting?.settleTries], ["uncertain", after(140_000), undefined]);
});

Deno.test("nextStep() has an answer decided anew that waited for more than 15 minutes, once it could be sent", () => {
  const change = answeredLedger(["one"]).start();
  const late = 16 * 60_000;
  const paused: Limit = { pausedUntil: after(late + 1), strikes: 1 };
  assert.equal(headOf(stepAt(change, late, { limit: paused }))?.state, "queued");
  const step = stepAt(change, late);
  assert.equal(headOf(step)?.state, "cancelled");
  assert.equal(step.kind === "write" && step.change.next.debounce.pending.length, 1);
});
