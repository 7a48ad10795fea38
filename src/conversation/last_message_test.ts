import assert from "node:assert/strict";
import { after, Ledger, seenEvent, textEvent } from "@/conversation/testing.ts";

function lastText(ledger: Ledger): string | undefined {
  return ledger.aggregate.conversation.lastMessage?.text;
}

Deno.test("the inbox shows the newest message by Instagram's time, also when an older one comes later", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("new", { at: after(5) })], after(10));
  ledger.receive([textEvent("old", { at: after(1) })], after(20));
  assert.equal(lastText(ledger), "text of new");
});

Deno.test("the inbox shows what kind of thing came when there is no text, and no receipts", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("m1", { kind: "media", text: undefined, attachments: [{ type: "audio" }] })], after(1));
  ledger.receive([seenEvent("m1", { at: after(9) })], after(10));
  assert.equal(lastText(ledger), "[audio]");
});

Deno.test("the inbox shows 200 characters at most", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("m1", { text: "x".repeat(1_000) })], after(1));
  assert.equal(lastText(ledger)?.length, 200);
});
