import assert from "node:assert/strict";
import { newAggregate, startChange } from "@/conversation/aggregate.ts";
import { learnProfile } from "@/conversation/profile.ts";

const now = new Date("2026-11-24T12:00:00Z");
const change = startChange(newAggregate({ accountId: "1", psid: "2" }, now));

Deno.test("learnProfile() notes name and handle, and leaves what the contact said as it is", () => {
  const { next } = learnProfile(change, { kind: "known", name: "Ana", username: "ana.m" }, now);
  assert.deepEqual([next.contact.name, next.contact.username, next.contact.profile], ["Ana", "ana.m", "known"]);
  assert.equal(next.conversation.rev, change.next.conversation.rev);
});

Deno.test("learnProfile() notes that Instagram will not tell, and keeps what was known", () => {
  const known = learnProfile(change, { kind: "known", name: "Ana" }, now);
  const { contact } = learnProfile(known, { kind: "unavailable" }, now).next;
  assert.deepEqual([contact.name, contact.profile], ["Ana", "unavailable"]);
});
