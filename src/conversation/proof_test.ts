import assert from "node:assert/strict";
import { actOnItem } from "@/conversation/operator.ts";
import { type Proof, proofOf } from "@/conversation/proof.ts";
import { beginSend, type Finding, recordSend, type SendResult, settleSend } from "@/conversation/send.ts";
import { after, answeredLedger, echoEvent, type Ledger } from "@/conversation/testing.ts";

const error = { message: "no answer came in time" };
const unknown: SendResult = { kind: "uncertain", settleAt: after(60_000), error };

function post(ledger: Ledger, result: SendResult, ms: number): void {
  const itemId = ledger.item(1).id;
  ledger.commit(beginSend(ledger.start(), itemId, { now: after(ms), requestMs: 15_000 }));
  const { attempt } = ledger.item(1);
  const options = { itemId, attempt, rows: [], settings: ledger.settings, now: after(ms + 1_000) };
  ledger.commit(recordSend(ledger.start(), result, options));
}

function settle(ledger: Ledger, finding: Finding, ms: number): void {
  const options = { rows: [], settings: ledger.settings, now: after(ms) };
  ledger.commit(settleSend(ledger.start(), ledger.item(1), finding, options));
}

function act(ledger: Ledger, action: "retry" | "arrived", ms: number): void {
  const options = { operator: "ana", settings: ledger.settings, now: after(ms) };
  const outcome = actOnItem(ledger.start(), ledger.item(1), action, options);
  assert.equal(outcome.kind, "done");
  if (outcome.kind === "done") ledger.commit(outcome.change);
}

function proof(ledger: Ledger): Proof {
  const item = ledger.item(1);
  const row = [...ledger.messages.values()].find(({ outboundId }) => outboundId === item.id);
  return proofOf(item, row?.echoAt);
}

Deno.test("proofOf() calls sent once what Instagram's answer and its echo both say", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, { kind: "sent", mid: "x1" }, 5_000);
  ledger.receive([echoEvent("x1", { text: "one", at: after(5_500) })], after(8_000));
  assert.deepEqual(proof(ledger), {
    verdict: "sentOnce",
    mid: "x1",
    tries: 1,
    evidence: [{ kind: "answer", at: after(6_000) }, { kind: "echo", at: after(8_000) }],
  });
});

Deno.test("proofOf() names the echo once when the echo itself settled the send", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, unknown, 5_000);
  ledger.receive([echoEvent("x1", { text: "one", at: after(5_500) })], after(8_000));
  assert.deepEqual(proof(ledger).evidence, [{ kind: "echo", at: after(8_000) }]);
});

Deno.test("proofOf() calls sent once what a read-back found absent before the try that delivered it", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, unknown, 5_000);
  assert.equal(proof(ledger).verdict, "perhapsSent");
  settle(ledger, { kind: "absent" }, 80_000);
  assert.equal(proof(ledger).verdict, "notSent");
  post(ledger, unknown, 81_000);
  settle(ledger, { kind: "delivered", mid: "x1", at: after(82_000) }, 160_000);
  assert.deepEqual(proof(ledger), {
    verdict: "sentOnce",
    mid: "x1",
    tries: 2,
    evidence: [{ kind: "readBack", at: after(160_000) }],
  });
});

Deno.test("proofOf() does not call sent once what a person sent again without knowing", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, unknown, 5_000);
  settle(ledger, { kind: "several" }, 80_000);
  act(ledger, "retry", 90_000);
  assert.equal(proof(ledger).verdict, "perhapsSent");
  post(ledger, { kind: "sent", mid: "x2" }, 91_000);
  assert.equal(proof(ledger).verdict, "sentPerhapsTwice");
});

Deno.test("a person who saw it in Instagram ends a held text as sent: into the history, on that person's word", () => {
  const ledger = answeredLedger(["one"]);
  post(ledger, unknown, 5_000);
  settle(ledger, { kind: "outOfReach" }, 80_000);
  act(ledger, "arrived", 90_000);
  const { verdict, mid, evidence } = proof(ledger);
  assert.deepEqual([verdict, mid, evidence], ["sentOnce", undefined, [{ kind: "person", at: after(90_000) }]]);
  const row = [...ledger.messages.values()].find(({ outboundId }) => outboundId === ledger.item(1).id);
  assert.deepEqual([row?.text, row?.at], ["one", after(5_000)]);
});

Deno.test("only a held text is told to have arrived", () => {
  const ledger = answeredLedger(["one"]);
  const options = { operator: "ana", settings: ledger.settings, now: after(9_000) };
  assert.equal(actOnItem(ledger.start(), ledger.item(1), "arrived", options).kind, "refused");
});
