import assert from "node:assert/strict";
import { discardDraft, sendDraft } from "@/conversation/draft.ts";
import { sendManually } from "@/conversation/operator.ts";
import { after, Ledger, noon, replyWith, textEvent } from "@/conversation/testing.ts";
import type { Settings } from "@/conversation/settings.ts";
import { commitTurn } from "@/conversation/turn.ts";
import type { Turn } from "@/store/records.ts";

const use = { draftId: "s1", commandId: "c1", bodyHash: "h" };

/** A ledger whose answer to the message at noon waits for a person since noon + 4 s. */
function draftedLedger(settings: Partial<Settings> = {}): Ledger {
  const ledger = new Ledger({ mode: "draft", ...settings });
  ledger.receive([textEvent("m1")], noon);
  ledger.begin("s1", after(4_000));
  ledger.decide("s1", replyWith("Two", "parts"), after(4_000));
  return ledger;
}

function optionsAt(ledger: Ledger, ms = 9_000): { operator: string; settings: Settings; now: Date } {
  return { operator: "ana", settings: ledger.settings, now: after(ms) };
}

function turnOf(ledger: Ledger): Turn {
  return [...ledger.turns.values()][0]!;
}

Deno.test("a draft waits in the conversation and queues nothing", () => {
  const { conversation } = draftedLedger().aggregate;
  assert.deepEqual(conversation.draft?.texts, ["Two", "parts"]);
  assert.deepEqual([conversation.dueAt, conversation.cooldownUntil], [undefined, undefined]);
});

Deno.test("sendDraft() sends it as it is, once, and the conversation stays the bot's", () => {
  const ledger = draftedLedger();
  const sent = sendDraft(ledger.start(), { ...use, turn: turnOf(ledger) }, optionsAt(ledger));
  assert.equal(sent.kind, "queued");
  if (sent.kind === "queued") ledger.commit(sent.change);
  assert.deepEqual([...ledger.items.values()].map(({ text }) => text), ["Two", "parts"]);
  assert.deepEqual(ledger.item(1).origin, {
    kind: "operator",
    operator: "ana",
    commandId: "c1",
    part: 1,
    parts: 2,
    turnId: turnOf(ledger).id,
  });
  assert.equal(turnOf(ledger).review?.verdict, "unchanged");
  assert.equal(ledger.aggregate.conversation.handler.kind, "bot");
  assert.equal(sendDraft(ledger.start(), { ...use, commandId: "c2" }, optionsAt(ledger)).kind, "overtaken");
});

Deno.test("sendDraft() tells other words from the same ones, however they are cut", () => {
  for (const [texts, verdict] of [[["Two\n\nparts"], "unchanged"], [["Two others"], "edited"]] as const) {
    const ledger = draftedLedger();
    const sent = sendDraft(ledger.start(), { ...use, texts, turn: turnOf(ledger) }, optionsAt(ledger));
    if (sent.kind === "queued") ledger.commit(sent.change);
    assert.equal(turnOf(ledger).review?.verdict, verdict);
  }
});

Deno.test("sendDraft() sends nothing after Instagram's window, and the draft stays (C11)", () => {
  const ledger = draftedLedger();
  const late = optionsAt(ledger, 25 * 3_600_000);
  assert.equal(sendDraft(ledger.start(), use, late).kind, "windowClosed");
  assert.equal(sendDraft(ledger.start(), { ...use, tag: "HUMAN_AGENT" }, late).kind, "queued");
});

Deno.test("discardDraft() takes it away and says who did", () => {
  const ledger = draftedLedger();
  const outcome = discardDraft(ledger.start(), { ...use, turn: turnOf(ledger) }, optionsAt(ledger));
  assert.equal(outcome.kind, "discarded");
  if (outcome.kind !== "discarded") return;
  assert.deepEqual(outcome.change.commands.map(({ result }) => result), [{ discarded: true }]);
  ledger.commit(outcome.change);
  assert.deepEqual(turnOf(ledger).review, { verdict: "discarded", by: "ana", at: after(9_000) });
  assert.equal(ledger.aggregate.conversation.draft, undefined);
  assert.equal(ledger.items.size, 0);
});

Deno.test("a person's own message takes the place of the draft", () => {
  const ledger = draftedLedger();
  const message = { texts: ["mine"], commandId: "c1", bodyHash: "h", draftTurn: turnOf(ledger) };
  const sent = sendManually(ledger.start(), message, optionsAt(ledger));
  if (sent.kind === "queued") ledger.commit(sent.change);
  assert.equal(ledger.aggregate.conversation.draft, undefined);
  assert.equal(turnOf(ledger).review?.verdict, "discarded");
});

Deno.test("the contact's writing takes the draft back, hours later too: the next one answers both (C12)", () => {
  const ledger = draftedLedger();
  const late = 3 * 3_600_000;
  ledger.receive([textEvent("m2", { at: after(late) })], after(late));
  const { conversation, debounce } = ledger.aggregate;
  assert.equal(conversation.draft, undefined);
  assert.deepEqual(debounce.pending.length, 2);
  assert.deepEqual(debounce.dueAt, after(late + ledger.settings.debounceMs));
  assert.equal(sendDraft(ledger.start(), use, optionsAt(ledger, late)).kind, "overtaken");
  ledger.begin("s2", after(late + 4_000));
  ledger.decide("s2", replyWith("To both"), after(late + 5_000));
  assert.deepEqual(ledger.aggregate.conversation.draft?.texts, ["To both"]);
  assert.deepEqual(ledger.aggregate.conversation.nextTurn, 2);
});

const topics = [
  { name: "prices", mode: "auto", words: [] },
  { name: "health", mode: "off", words: [] },
  { name: "orders", mode: "draft", words: [] },
] as const;

for (
  const [names, mode, outcome] of [
    [[], "draft", "drafted"],
    [["prices"], "draft", "replied"],
    [["prices", "orders"], "auto", "drafted"],
    [["prices", "health"], "auto", "handedOff"],
    [["unheard of"], "auto", "replied"],
  ] as const
) {
  Deno.test(`commitTurn() in mode ${mode} about ${names.join(" and ") || "nothing"} ends as ${outcome}`, () => {
    const ledger = new Ledger({ mode, topics: topics.map((topic) => ({ ...topic, words: [] })) });
    ledger.receive([textEvent("m1")], noon);
    ledger.begin("s1", after(4_000));
    const record = { checks: [], rules: [], facts: [], tags: [], optOut: false, messages: [], topics: names };
    const commit = commitTurn(
      ledger.start(),
      { ...record, snapshotId: "s1", decision: replyWith("Hi") },
      { settings: ledger.settings, now: after(4_000) },
    );
    assert.equal(commit.kind === "committed" && commit.change.turns[0]?.outcome.kind, outcome);
  });
}
