import assert from "node:assert/strict";
import { changeContact, changeConversation } from "@/conversation/operator.ts";
import { after, answeredLedger, editEvent, Ledger, noon, replyWith, textEvent } from "@/conversation/testing.ts";
import { abandonTurn, commitTurn, type Decision, retryTurn } from "@/conversation/turn.ts";

const silence: Decision = { kind: "silence", reason: "thanks need no answer", by: "agent" };
const handOff: Decision = { kind: "handOff", reason: "asked for a person", by: "rule:hand-off" };

/** The contact wrote at noon; a decision was begun at noon + 4 s. */
function begunLedger(settings: Partial<Ledger["settings"]> = {}): Ledger {
  const ledger = new Ledger(settings);
  ledger.receive([textEvent("m1")], noon);
  ledger.begin("s1", after(4_000));
  return ledger;
}

function lastOutcome(ledger: Ledger): { kind: string; reason: string } | undefined {
  return [...ledger.turns.values()].at(-1)?.outcome;
}

Deno.test("one burst makes one turn that covers every message of it (C6)", () => {
  const ledger = new Ledger();
  for (const n of [1, 2, 3]) ledger.receive([textEvent(`m${n}`, { at: after(n * 1_000) })], after(n * 1_000));
  ledger.begin("early", after(6_000));
  assert.equal(ledger.aggregate.debounce.snapshot, undefined);
  ledger.begin("s1", after(6_500));
  ledger.decide("s1", replyWith("Hi"), after(7_000));
  const mids = [...ledger.turns.values()].map(({ messageIds }) => messageIds.map((id) => id.split(":").at(-1)));
  assert.deepEqual(mids, [["m1", "m2", "m3"]]);
  assert.equal(ledger.aggregate.debounce.dueAt, undefined);
});

Deno.test("commitTurn() throws the draft away when the contact wrote on, and leaves no trace of it (C12, C16)", () => {
  const ledger = begunLedger();
  ledger.receive([textEvent("m2")], after(5_000));
  assert.equal(ledger.decide("s1", replyWith("Hi"), after(6_000)).kind, "superseded");
  assert.equal(ledger.turns.size + ledger.items.size, 0);
  const { pending, supersedes, dueAt } = ledger.aggregate.debounce;
  assert.deepEqual([pending.length, supersedes, dueAt], [2, 1, after(8_500)]);
});

Deno.test("commitTurn() throws the draft away when the contact edited what it answers (C12)", () => {
  const ledger = begunLedger();
  ledger.receive([editEvent("m1", 1)], after(5_000));
  assert.equal(ledger.decide("s1", replyWith("Hi"), after(6_000)).kind, "superseded");
});

Deno.test("commitTurn() answers stale for a snapshot that is not the one in progress, and changes nothing", () => {
  const ledger = begunLedger();
  ledger.begin("s2", after(5_000));
  assert.equal(ledger.decide("s1", replyWith("Hi"), after(6_000)).kind, "stale");
  assert.equal(ledger.decide("s2", replyWith("Hi"), after(6_000)).kind, "committed");
  assert.equal(ledger.decide("s2", replyWith("Hi"), after(6_000)).kind, "stale");
  assert.equal(ledger.items.size, 1);
});

Deno.test("commitTurn() commits what it has after two drafts were thrown away; the rest is the next turn's (C19)", () => {
  const ledger = begunLedger();
  for (const n of [1, 2]) {
    ledger.receive([textEvent(`on${n}`)], after(4_000 + n));
    ledger.decide(`s${n}`, silence, after(4_000 + n));
    ledger.begin(`s${n + 1}`, after(8_000 + n));
  }
  ledger.receive([textEvent("on3")], after(9_000));
  assert.equal(ledger.decide("s3", replyWith("Hi"), after(9_500)).kind, "committed");
  const turn = [...ledger.turns.values()][0];
  assert.deepEqual([turn?.forced, turn?.messageIds.length], [true, 3]);
  assert.deepEqual(ledger.aggregate.debounce.pending.map(({ messageId }) => messageId.split(":").at(-1)), ["on3"]);
});

Deno.test("commitTurn() turns an answer into silence when something forbids it by now (C13)", () => {
  const acts: readonly [string, (ledger: Ledger) => void][] = [
    ["the bot is switched off", (ledger) => ledger.settings = { ...ledger.settings, botEnabled: false }],
    ["the bot never answers this contact", (ledger) => {
      ledger.commit(changeContact(ledger.start(), { neverBot: true }, optionsAt(ledger)));
    }],
    ["the contact asked not to be written to", (ledger) => {
      ledger.commit(changeContact(ledger.start(), { optOut: true }, optionsAt(ledger)));
    }],
    ["a person has the conversation: ana took over", (ledger) => {
      ledger.commit(changeConversation(ledger.start(), { handler: "person" }, optionsAt(ledger)));
    }],
  ];
  for (const [reason, act] of acts) {
    const ledger = begunLedger();
    act(ledger);
    ledger.decide("s1", replyWith("Hi"), after(6_000));
    assert.deepEqual([lastOutcome(ledger)?.kind, lastOutcome(ledger)?.reason], ["silent", reason]);
    assert.equal(ledger.items.size, 0);
  }
});

function optionsAt(ledger: Ledger): { operator: string; settings: Ledger["settings"]; now: Date } {
  return { operator: "ana", settings: ledger.settings, now: after(5_000) };
}

Deno.test("commitTurn() keeps the answer for a person's eyes in draft mode", () => {
  const ledger = begunLedger({ mode: "draft" });
  ledger.decide("s1", replyWith("Hi"), after(5_000));
  assert.equal(lastOutcome(ledger)?.kind, "drafted");
  assert.equal(ledger.items.size, 0);
});

Deno.test("commitTurn() starts the cooldown when the answer is queued", () => {
  const { lastBotAt, cooldownUntil } = answeredLedger(["Hi"], { cooldownMs: 7_000 }).aggregate.conversation;
  assert.deepEqual([lastBotAt, cooldownUntil], [after(4_000), after(11_000)]);
});

Deno.test("a hand-off asks for a person and cancels the parts that still wait (C13)", () => {
  const ledger = answeredLedger(["one", "two"], { debounceMs: 0 });
  const begun = { ...ledger.item(1), state: "sending", attempt: 1 } as const;
  const { aggregate } = ledger;
  ledger.aggregate = { ...aggregate, outbound: [begun, ledger.item(2)] };
  ledger.receive([textEvent("m2")], after(5_000));
  ledger.begin("s2", after(5_000));
  ledger.decide("s2", handOff, after(6_000));
  const { handler } = ledger.aggregate.conversation;
  assert.equal(handler.kind === "person" && handler.needed && handler.by, "hand-off");
  assert.deepEqual([ledger.item(1).state, ledger.item(2).state], ["sending", "cancelled"]);
});

Deno.test("a hand-off does not call for a person when one has taken over meanwhile", () => {
  const ledger = begunLedger();
  ledger.commit(changeConversation(ledger.start(), { handler: "person" }, optionsAt(ledger)));
  ledger.decide("s1", handOff, after(6_000));
  const { handler } = ledger.aggregate.conversation;
  assert.deepEqual(handler.kind === "person" && [handler.by, handler.needed], ["ana", false]);
  assert.equal(lastOutcome(ledger)?.kind, "handedOff");
});

Deno.test("a deferred burst is due when the rule said, and counts how often it was put off", () => {
  const ledger = begunLedger();
  const until = after(3_600_000);
  const outcome = ledger.decide("s1", { kind: "defer", until, reason: "closed", by: "rule:hours" }, after(5_000));
  assert.equal(outcome.kind, "deferred");
  const { conversation, debounce } = ledger.aggregate;
  assert.deepEqual([conversation.state, debounce.dueAt, debounce.deferral?.count], ["scheduled", until, 1]);
});

Deno.test("what the contact adds to a deferred burst waits for quiet again, however long ago the burst began", () => {
  const ledger = begunLedger();
  const until = after(3_600_000);
  ledger.decide("s1", { kind: "defer", until, reason: "closed", by: "rule:hours" }, after(5_000));
  ledger.receive([textEvent("m2")], after(3_599_000));
  assert.deepEqual(ledger.aggregate.debounce.dueAt, after(3_602_500));
  ledger.begin("s2", after(3_602_500));
  ledger.receive([textEvent("m3")], after(3_603_000));
  assert.equal(ledger.decide("s2", replyWith("Hi"), after(3_604_000)).kind, "superseded");
});

Deno.test("retryTurn() tries the same burst again later and goes on counting its tries", () => {
  const ledger = begunLedger();
  ledger.commit(retryTurn(ledger.start(), { snapshotId: "s1", retryAt: after(9_000), reason: "no model" }));
  assert.deepEqual(ledger.aggregate.debounce.dueAt, after(9_000));
  ledger.begin("s2", after(9_000));
  assert.equal(ledger.aggregate.debounce.attempts, 2);
  assert.equal(retryTurn(ledger.start(), { snapshotId: "s1", retryAt: after(1), reason: "late" }), undefined);
});

Deno.test("abandonTurn() gives the burst back at once, without counting the try", () => {
  const ledger = begunLedger();
  const { settings } = ledger;
  ledger.commit(abandonTurn(ledger.start(), { snapshotId: "s1", settings, now: after(5_000) }));
  const { dueAt, attempts, snapshot } = ledger.aggregate.debounce;
  assert.deepEqual([dueAt, attempts, snapshot], [after(5_000), 0, undefined]);
});

Deno.test("abandonTurn() waits for quiet again when the contact wrote on meanwhile (C12)", () => {
  const ledger = begunLedger();
  const { settings } = ledger;
  ledger.receive([textEvent("m2")], after(5_000));
  ledger.commit(abandonTurn(ledger.start(), { snapshotId: "s1", settings, now: after(6_000) }));
  const { dueAt, supersedes, snapshot } = ledger.aggregate.debounce;
  assert.deepEqual([dueAt, supersedes, snapshot], [after(8_500), 1, undefined]);
});

Deno.test("what a forced turn left over is due when it has been quiet, not at once (C19)", () => {
  const ledger = begunLedger();
  for (const n of [1, 2]) {
    ledger.receive([textEvent(`on${n}`)], after(4_000 + n));
    ledger.decide(`s${n}`, silence, after(4_000 + n));
    ledger.begin(`s${n + 1}`, after(8_000 + n));
  }
  ledger.receive([textEvent("on3")], after(9_000));
  ledger.decide("s3", replyWith("Hi"), after(9_500));
  assert.deepEqual(ledger.aggregate.debounce.dueAt, after(12_500));
});

Deno.test("commitTurn() opts the contact out when the contact asked for it", () => {
  const ledger = begunLedger();
  const record = { snapshotId: "s1", decision: silence, checks: [], rules: [], facts: [], tags: [], messages: [] };
  const outcome = commitTurn(ledger.start(), { ...record, optOut: true }, optionsAt(ledger));
  assert.ok(outcome.kind === "committed" && outcome.change.next.contact.optOut);
});

Deno.test("what was asked in vain counts as the next turn's, once", () => {
  const ledger = begunLedger();
  const used = { calls: 1, inputTokens: 100, outputTokens: 10, cost: 2 };
  const retry = { snapshotId: "s1", retryAt: after(9_000), reason: "503", spent: used };
  ledger.commit(retryTurn(ledger.start(), retry));
  ledger.begin("s2", after(9_000));
  const trace = { model: "m", ms: 1, prompt: [], tools: [], ...used };
  const record = {
    snapshotId: "s2",
    decision: replyWith("Hi"),
    checks: [],
    rules: [],
    facts: [],
    tags: [],
    messages: [],
  };
  const options = { settings: ledger.settings, now: after(9_000) };
  const commit = commitTurn(ledger.start(), { ...record, optOut: false, agent: trace }, options);
  if (commit.kind !== "stale") ledger.commit(commit.change);
  const { calls, inputTokens, cost } = [...ledger.turns.values()].at(-1)?.agent ?? {};
  assert.deepEqual([calls, inputTokens, cost], [2, 200, 4]);
  assert.equal(ledger.aggregate.debounce.spent, undefined);
});
