import assert from "node:assert/strict";
import { addMs } from "@/conversation/due_time.ts";
import { handBack, handlerAt, type TakeOver, takeOver } from "@/conversation/handler.ts";
import { after, answeredLedger, Ledger, noon } from "@/conversation/testing.ts";

const byAna: TakeOver = { by: "ana", reason: "ana answered", needed: false, at: noon, takeoverHours: 12 };
const hours = (count: number): Date => addMs(noon, count * 3_600_000);

Deno.test("takeOver() gives the conversation to a person until the time is over, then it is the bot's without a write", () => {
  const { conversation } = takeOver(new Ledger().start(), byAna, noon).next;
  assert.equal(handlerAt(conversation, addMs(hours(12), -1)).kind, "person");
  assert.equal(handlerAt(conversation, hours(12)).kind, "bot");
});

Deno.test("takeOver() cancels the bot's items that wait, in the same change (C13)", () => {
  const taken = takeOver(answeredLedger(["one", "two"]).start(), byAna, after(5_000)).next;
  assert.deepEqual(taken.outbound.map(({ state, reason }) => [state, reason]), [
    ["cancelled", "a person took over"],
    ["cancelled", "a person took over"],
  ]);
  assert.equal(taken.conversation.dueAt, undefined);
});

Deno.test("takeOver() never shortens a time that is set, and counts from its beginning", () => {
  const long = takeOver(new Ledger().start(), { ...byAna, takeoverHours: 48 }, noon);
  const { handler } = takeOver(long, { ...byAna, at: hours(1) }, hours(1)).next.conversation;
  assert.equal(handler.kind, "person");
  if (handler.kind !== "person") return;
  assert.deepEqual([handler.since, handler.until], [noon, hours(48)]);
});

Deno.test("takeOver() does nothing when its time is over already: an old echo read back", () => {
  const change = answeredLedger(["one"]).start();
  assert.equal(takeOver(change, { ...byAna, at: hours(-13) }, noon), change);
});

Deno.test("handBack() makes it the bot's at once", () => {
  const taken = takeOver(new Ledger().start(), byAna, noon);
  assert.equal(handlerAt(handBack(taken).next.conversation, noon).kind, "bot");
});
