/** Instagram's copy of a text that comes after a person has decided what to think of it. */
import assert from "node:assert/strict";
import type { InboundEvent } from "@/conversation/event.ts";
import { actOnItem, type ItemAction } from "@/conversation/operator.ts";
import { beginSend, recordSend, type SendResult, settleSend } from "@/conversation/send.ts";
import { after, answeredLedger, echoEvent, type Ledger } from "@/conversation/testing.ts";

const unknown: SendResult = { kind: "uncertain", settleAt: after(80_000), error: { message: "no answer" } };

function post(ledger: Ledger, result: SendResult, ms: number): void {
  const { id: itemId } = ledger.item(1);
  ledger.commit(beginSend(ledger.start(), itemId, { now: after(ms), requestMs: 15_000 }));
  const { attempt } = ledger.item(1);
  const options = { itemId, attempt, rows: [], settings: ledger.settings, now: after(ms + 1_000) };
  ledger.commit(recordSend(ledger.start(), result, options));
}

/** A ledger whose one text was POSTed at 5 s, is held since 80 s, and was decided on by a person at 90 s. */
function decidedLedger(action: ItemAction): Ledger {
  const ledger = answeredLedger(["one"]);
  post(ledger, unknown, 5_000);
  const settling = { rows: [], settings: ledger.settings, now: after(80_000) };
  ledger.commit(settleSend(ledger.start(), ledger.item(1), { kind: "outOfReach" }, settling));
  const options = { operator: "ana", settings: ledger.settings, now: after(90_000) };
  const outcome = actOnItem(ledger.start(), ledger.item(1), action, options);
  ledger.commit(outcome.kind === "done" ? outcome.change : undefined);
  return ledger;
}

const copy = echoEvent("x1", { text: "one", at: after(6_000) });

/** Author, text and message id of the business's side of the history. */
function said(ledger: Ledger): readonly (readonly unknown[])[] {
  return [...ledger.messages.values()].filter(({ role }) => role === "assistant")
    .map(({ author, text, mid }) => [author, text, mid]);
}

function handler(ledger: Ledger): string {
  return ledger.aggregate.conversation.handler.kind;
}

for (const [name, source] of [["the copy", "webhook"], ["the thread", "backfill"]] as const) {
  Deno.test(`a text that arrived by a person's word gets its name from ${name}, which is nobody's message (C13, C14)`, () => {
    const ledger = decidedLedger("arrived");
    const event: InboundEvent = { ...copy, source };
    ledger.receive([event], after(200_000));
    ledger.receive([event], after(201_000));
    assert.deepEqual(said(ledger), [["bot", "one", "x1"]]);
    assert.equal(handler(ledger), "bot");
    assert.deepEqual([ledger.item(1).state, ledger.item(1).mid], ["sent", "x1"]);
  });
}

Deno.test("a text that a person gave up and that arrived after all is sent, and takes nothing over (C14)", () => {
  const ledger = decidedLedger("discard");
  ledger.receive([copy], after(200_000));
  assert.deepEqual(said(ledger), [["bot", "one", "x1"]]);
  assert.deepEqual([handler(ledger), ledger.item(1).state], ["bot", "sent"]);
});

Deno.test("of a text that a person had sent again both copies stand in the history, neither as a person's", () => {
  const ledger = decidedLedger("retry");
  post(ledger, { kind: "sent", mid: "x2" }, 91_000);
  ledger.receive([copy], after(200_000));
  assert.deepEqual(said(ledger).toSorted(), [["bot", "one", "x1"], ["bot", "one", "x2"]]);
  assert.deepEqual([handler(ledger), ledger.item(1).mid], ["bot", "x2"]);
});

Deno.test("the same words long after, and other words, are a person's", () => {
  for (const other of [{ at: after(3_600_000) }, { at: after(-60_000) }, { text: "two" }]) {
    const ledger = decidedLedger("arrived");
    ledger.receive([{ ...copy, ...other }], after(3_600_000));
    assert.equal(handler(ledger), "person");
  }
});

Deno.test("a text whose outcome was never open is none that a person's same words are taken for", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, { kind: "sent", mid: "x2" }, 5_000);
  ledger.receive([copy], after(7_000));
  assert.equal(handler(ledger), "person");
});
