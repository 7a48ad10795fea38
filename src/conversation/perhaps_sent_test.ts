import assert from "node:assert/strict";
import { perhapsSent } from "@/conversation/perhaps_sent.ts";
import { beginSend, settleSend, timeOutSend } from "@/conversation/send.ts";
import { after, answeredLedger } from "@/conversation/testing.ts";

const posted = [{ text: "one", at: after(5_000) }];

Deno.test("perhapsSent() tells of a text from its POST until somebody knows what became of it, and for a day", () => {
  const ledger = answeredLedger(["one", "two"]);
  const told = (ms: number): unknown => perhapsSent(ledger.aggregate.outbound, after(ms));
  assert.deepEqual(told(4_000), []);
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(5_000), requestMs: 15_000 }));
  assert.deepEqual(told(6_000), posted);
  ledger.commit(timeOutSend(ledger.start(), ledger.item(1), { now: after(20_000), settleMs: 60_000 }));
  assert.deepEqual(told(21_000), posted);
  const options = { rows: [], settings: ledger.settings, now: after(80_000) };
  ledger.commit(settleSend(ledger.start(), ledger.item(1), { kind: "several" }, options));
  assert.deepEqual(told(81_000), posted);
  assert.deepEqual(told(25 * 3_600_000), []);
});

Deno.test("perhapsSent() tells nothing of what is known to have arrived", () => {
  const ledger = answeredLedger(["one"]);
  ledger.commit(beginSend(ledger.start(), ledger.item(1).id, { now: after(5_000), requestMs: 15_000 }));
  ledger.commit(timeOutSend(ledger.start(), ledger.item(1), { now: after(20_000), settleMs: 60_000 }));
  const options = { rows: [], settings: ledger.settings, now: after(80_000) };
  const finding = { kind: "delivered", mid: "x1", at: after(6_000) } as const;
  ledger.commit(settleSend(ledger.start(), ledger.item(1), finding, options));
  assert.deepEqual(perhapsSent(ledger.aggregate.outbound, after(81_000)), []);
});
