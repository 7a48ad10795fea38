/** Answers that became stale while they waited, seen from outside: not sent, and the reason is written. */
import assert from "node:assert/strict";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";
const hour = 3_600_000;

/** An answer waits: Instagram has throttled the account. */
async function answerWaits(): Promise<TestMoca> {
  const test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  test.instagram.fail({ fault: "code613", retryAfter: "120" });
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.pass(5_000);
  assert.equal((await itemOf(test)).state, "queued");
  return test;
}

async function itemOf(test: TestMoca): Promise<Json> {
  const { items } = await test.get(`/outbound?conversation=${test.conversation(ana)}`);
  return items.at(-1);
}

async function stopped(test: TestMoca): Promise<readonly unknown[]> {
  await test.pass(180_000, 5_000);
  assert.deepEqual(test.delivered(ana), []);
  const { state, reason } = await itemOf(test);
  return [state, reason];
}

Deno.test("an answer that waits does not leave after a person took over (C13)", async () => {
  await using test = await answerWaits();
  await test.send("PATCH", `/conversations/${test.conversation(ana)}`, { handler: "person" });
  assert.deepEqual(await stopped(test), ["cancelled", "a person took over"]);
});

Deno.test("an answer that waits does not leave after the contact opted out (C13)", async () => {
  await using test = await answerWaits();
  await test.send("PATCH", `/contacts/${test.conversation(ana)}`, { optOut: true });
  assert.deepEqual(await stopped(test), ["cancelled", "the bot may no longer write to this contact"]);
});

Deno.test("an answer that waits and was tried already goes out once although the contact writes on (C7)", async () => {
  await using test = await answerWaits();
  await test.instagram.contactSends(ana, { kind: "text", text: "y el precio?" });
  await test.pass(180_000, 5_000);
  assert.equal(new Set(test.delivered(ana)).size, test.delivered(ana).length);
});

Deno.test("people are told before the window closes on what waits; then it expires, and a person may still answer (C11)", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  test.instagram.expireToken();
  await test.pass(5_000);
  const conversation = (): Promise<Json> => test.get(`/conversations/${test.conversation(ana)}`);
  const neededCount = async (): Promise<number> => (await test.get("/conversations?needed=true")).total;
  await test.pass(23 * hour, 120_000);
  assert.equal((await conversation()).windowNoticeAt, null);
  await test.pass(hour / 2 + 120_000, 30_000);
  assert.ok((await conversation()).windowNoticeAt !== null);
  assert.equal(await neededCount(), 1);
  await test.pass(hour / 2, 30_000);
  const { state, reason } = await itemOf(test);
  assert.deepEqual([state, reason], ["expired", "Instagram's 24 h window is closed"]);
  assert.equal(await neededCount(), 1);
  const path = `/conversations/${test.conversation(ana)}/messages`;
  assert.equal((await test.send("POST", path, { text: "Perdón", commandId: "c-1" })).status, 409);
  const tagged = await test.send("POST", path, { text: "Perdón", commandId: "c-2", tag: "human_agent" });
  assert.equal(tagged.status, 202);
});
