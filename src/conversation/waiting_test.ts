import assert from "node:assert/strict";
import { after, echoEvent, Ledger, noon, textEvent } from "@/conversation/testing.ts";
import { needsPerson } from "@/conversation/waiting.ts";

Deno.test("a contact who answers the person who has the conversation calls them again, until they have answered", () => {
  const ledger = new Ledger();
  const needs = (ms: number): boolean => needsPerson(ledger.aggregate.conversation, after(ms));
  ledger.receive([textEvent("m1")], noon);
  assert.equal(needs(0), false);
  ledger.receive([echoEvent("e1", { at: after(1_000) })], after(1_000));
  assert.equal(needs(1_000), false);
  ledger.receive([textEvent("m2", { at: after(2_000) })], after(2_000));
  assert.equal(needs(2_000), true);
  ledger.receive([echoEvent("e2", { at: after(3_000) })], after(3_000));
  assert.equal(needs(3_000), false);
});
