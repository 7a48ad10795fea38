/** What the model may cost: when a day's tokens are used up, it is asked no more and a person is. */
import assert from "node:assert/strict";
import { oneCall, startPuppetModel } from "@tests/support/puppet_model.ts";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";
const eva = "1000000000000002";
const hourMs = 3_600_000;

const answers = ["First", "Second", "Third"].map((text) => oneCall("reply", { messages: [text] }));

/** The puppet counts 110 tokens an answer, so that two use up 200. */
const twoAnswers = 200;

async function writes(test: TestMoca, psid: string): Promise<void> {
  await test.instagram.contactSends(psid, { kind: "text", text: `question ${crypto.randomUUID()}` });
  await test.pass(20_000);
}

async function newestTurn(test: TestMoca, psid: string): Promise<Json> {
  return (await test.get(`/conversations/${test.conversation(psid)}/turns`)).items[0];
}

Deno.test("a contact whose tokens of 24 hours are used up goes to a person; others are answered on", async () => {
  await using puppet = startPuppetModel(answers);
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url } });
  await test.changeSettings({ contactTokenBudget: twoAnswers });
  for (let n = 0; n < 3; n++) await writes(test, ana);
  await writes(test, eva);
  assert.equal(test.delivered(ana).length, 2);
  assert.equal(test.delivered(eva).length, 1);
  assert.equal(puppet.requests.length, 3);
  const { outcome } = await newestTurn(test, ana);
  assert.equal(outcome.kind, "handedOff");
  assert.match(outcome.reason, /220 of 200 tokens of this contact within 24 h/);
});

Deno.test("an account whose tokens of 24 hours are used up goes to people, and is answered again the next day", async () => {
  await using puppet = startPuppetModel(answers);
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url } });
  await test.changeSettings({ dailyTokenBudget: twoAnswers });
  await writes(test, ana);
  await writes(test, eva);
  await writes(test, eva);
  assert.deepEqual([test.delivered(ana).length, test.delivered(eva).length], [1, 1]);
  assert.match((await newestTurn(test, eva)).outcome.reason, /220 of 200 tokens within 24 h/);
  await test.pass(25 * hourMs, hourMs);
  await writes(test, ana);
  assert.equal(test.delivered(ana).length, 2);
});
