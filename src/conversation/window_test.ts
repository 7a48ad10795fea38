import assert from "node:assert/strict";
import { newAggregate } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { noon } from "@/conversation/testing.ts";
import {
  botMaySend,
  humanAgentWindowMs,
  personMaySend,
  windowEnd,
  windowMarginMs,
  windowMs,
} from "@/conversation/window.ts";
import type { Conversation } from "@/store/records.ts";

function openedAt(at: Date | undefined): Conversation {
  const { conversation } = newAggregate({ accountId: "1", psid: "2" }, noon);
  return { ...conversation, windowClosesAt: at && windowEnd(at) };
}

const beforeLastMinute = addMs(noon, windowMs - windowMarginMs - 1);

Deno.test("botMaySend() allows nothing in the window's last minute (C11)", () => {
  assert.equal(botMaySend(openedAt(noon), beforeLastMinute), true);
  assert.equal(botMaySend(openedAt(noon), addMs(beforeLastMinute, 1)), false);
});

Deno.test("botMaySend() allows nothing to a contact who never wrote (C11)", () => {
  assert.equal(botMaySend(openedAt(undefined), noon), false);
  assert.equal(personMaySend(openedAt(undefined), "HUMAN_AGENT", noon), false);
});

Deno.test("personMaySend() allows a person the whole 24 h, and 7 days under the tag", () => {
  const dayLater = addMs(noon, windowMs);
  assert.equal(personMaySend(openedAt(noon), undefined, addMs(dayLater, -1)), true);
  assert.equal(personMaySend(openedAt(noon), undefined, dayLater), false);
  assert.equal(personMaySend(openedAt(noon), "HUMAN_AGENT", dayLater), true);
  assert.equal(personMaySend(openedAt(noon), "HUMAN_AGENT", addMs(noon, humanAgentWindowMs - 1)), true);
  assert.equal(personMaySend(openedAt(noon), "HUMAN_AGENT", addMs(noon, humanAgentWindowMs)), false);
});
