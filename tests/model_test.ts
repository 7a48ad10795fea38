/** What the contact notices of a model that is slow, or not there. */
import assert from "node:assert/strict";
import { oneCall, startPuppetModel } from "@tests/support/puppet_model.ts";
import { TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";

Deno.test("a message that arrives while the agent thinks throws the draft away: one answer, to both (C12)", async () => {
  await using puppet = startPuppetModel([{ kind: "never" }, oneCall("reply", { messages: ["To both"] })]);
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url } });
  await test.instagram.contactSends(ana, { kind: "text", text: "first question" });
  const thinking = test.pass(4_000);
  await puppet.asked;
  await test.instagram.contactSends(ana, { kind: "text", text: "second question" });
  await test.moca.workers[0]?.drain();
  await thinking;
  await test.pass(6_000);
  assert.deepEqual(test.delivered(ana), ["To both"]);
  const shown = JSON.stringify(puppet.requests.at(-1)?.body.messages);
  assert.ok(shown.includes("first question") && shown.includes("second question"));
  const { items: turns } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
  assert.deepEqual(turns.map(({ supersedes }: { supersedes: number }) => supersedes), [1]);
});

Deno.test("no model that can be reached: tried again, then a person is asked, and no text goes out (C18)", async () => {
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: "http://127.0.0.1:1025/v1" } });
  await test.instagram.contactSends(ana, { kind: "text", text: "a question" });
  await test.pass(10_000);
  const { items: none } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
  assert.deepEqual(none, []);
  await test.pass(3 * 60_000, 1_000);
  const { items: [turn] } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
  assert.equal(turn.outcome.kind, "handedOff");
  assert.equal(turn.attempts, 5);
  assert.deepEqual(test.delivered(ana), []);
  assert.equal((await test.get(`/conversations/${test.conversation(ana)}`)).needed, true);
});

Deno.test("a model that comes back in time answers, as if nothing had happened", async () => {
  const busy = { kind: "raw", status: 503, body: "{}" } as const;
  await using puppet = startPuppetModel([busy, busy, oneCall("reply", { messages: ["Here I am"] })]);
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url } });
  await test.instagram.contactSends(ana, { kind: "text", text: "a question" });
  await test.pass(60_000, 1_000);
  assert.deepEqual(test.delivered(ana), ["Here I am"]);
});
