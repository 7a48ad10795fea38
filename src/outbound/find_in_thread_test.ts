import assert from "node:assert/strict";
import { beginSend, recordSend } from "@/conversation/send.ts";
import { after, answeredLedger } from "@/conversation/testing.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import type { ThreadMessage } from "@/instagram/client.ts";
import { findInThread } from "@/outbound/find_in_thread.ts";
import type { Message, OutboundItem, SendError } from "@/store/records.ts";

/** The item "Hello there" whose POST began at noon + 5 s and left its outcome open. */
function uncertainItem(error: SendError = { message: "no answer came in time" }): OutboundItem {
  const ledger = answeredLedger(["Hello there"]);
  const itemId = ledger.item(1).id;
  ledger.commit(beginSend(ledger.start(), itemId, { now: after(5_000), requestMs: 15_000 }));
  const options = { itemId, attempt: 1, rows: [], settings: defaultSettings, now: after(20_000) };
  ledger.commit(recordSend(ledger.start(), { kind: "uncertain", settleAt: after(80_000), error }, options));
  return ledger.item(1);
}

function said(patch: Partial<ThreadMessage> = {}): ThreadMessage {
  return { mid: "mid-1", at: after(6_000), fromId: "17841400000000001", text: "Hello there", ...patch };
}

Deno.test("findInThread() knows the text again, whatever became of its spaces and accents (C7)", () => {
  const finding = findInThread(uncertainItem(), [said({ text: " Hello\nthere " })], []);
  assert.deepEqual(finding, { kind: "delivered", mid: "mid-1", at: after(6_000) });
});

const others: Readonly<Record<string, Partial<ThreadMessage>>> = {
  "other words": { text: "Hello" },
  "the contact's own message": { fromId: "6001" },
  "a message from before the POST": { at: after(-1) },
};

for (const [name, patch] of Object.entries(others)) {
  Deno.test(`findInThread() does not take ${name} for the text (C7)`, () => {
    assert.deepEqual(findInThread(uncertainItem(), [said(patch)], []), { kind: "absent" });
  });
}

Deno.test("findInThread() allows for 5 s between Instagram's clock and ours", () => {
  assert.equal(findInThread(uncertainItem(), [said({ at: after(0) })], []).kind, "delivered");
});

Deno.test("findInThread() does not take the message of another item for the text (C7)", () => {
  const known = [{ mid: "mid-1", outboundId: "another" } as Message];
  assert.deepEqual(findInThread(uncertainItem(), [said()], known), { kind: "absent" });
});

Deno.test("findInThread() says so when the text stands there more than once", () => {
  const finding = findInThread(uncertainItem(), [said(), said({ mid: "mid-2" })], []);
  assert.deepEqual(finding, { kind: "several" });
});

Deno.test("findInThread() says so at once when the text may stand beyond what Instagram ever shows", () => {
  const newer = Array.from({ length: 20 }, (_, n) => said({ mid: `m${n}`, at: after(90_000 - n), text: "other" }));
  assert.deepEqual(findInThread(uncertainItem(), newer, []), { kind: "outOfReach" });
});

for (const error of [{ message: "cut", status: 200 }, { message: "sent", status: 500, code: 1, subcode: 1357046 }]) {
  Deno.test(`findInThread() does not free a text for another try that Instagram took with status ${error.status}`, () => {
    assert.deepEqual(findInThread(uncertainItem(error), [], []), { kind: "acceptedButAbsent" });
  });
}
