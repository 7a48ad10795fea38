/** Draft mode as the team meets it: over HTTP, with a pretended Instagram. */
import assert from "node:assert/strict";
import { oneCall, startPuppetModel } from "@tests/support/puppet_model.ts";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";
const settings = { mode: "draft", topics: [{ name: "prices", mode: "draft", words: ["price"] }], cooldownMs: 0 };

async function drafted(test: TestMoca, text: string): Promise<Json> {
  await test.instagram.contactSends(ana, { kind: "text", text });
  await test.pass(6_000);
  return (await test.get(`/conversations/${test.conversation(ana)}`)).draft;
}

Deno.test("a draft is sent by a person once, whatever is clicked twice, and the bot goes on drafting (C7)", async () => {
  await using puppet = startPuppetModel([oneCall("reply", { messages: ["It is 3"] })]);
  await using test = await TestMoca.start({ settings, env: { OPENAI_BASE_URL: puppet.url } });
  const draft = await drafted(test, "what price?");
  assert.deepEqual([draft.texts, draft.topic], [["It is 3"], "prices"]);
  const path = `/conversations/${test.conversation(ana)}/draft/send`;
  const body = { draftId: draft.id, commandId: "click-1" };
  const [first, second] = [await test.send("POST", path, body), await test.send("POST", path, body)];
  assert.deepEqual([first.status, second.status, first.body], [202, 202, second.body]);
  assert.equal((await test.send("POST", path, { ...body, text: "other" })).status, 422);
  assert.equal((await test.send("POST", path, { ...body, commandId: "click-2" })).status, 409);
  await test.pass(5_000);
  assert.deepEqual(test.delivered(ana), ["It is 3"]);
  const conversation = await test.get(`/conversations/${test.conversation(ana)}`);
  assert.deepEqual([conversation.handler, conversation.draft], ["bot", null]);
  const { items } = await test.get("/drafts/agreement");
  assert.deepEqual(items, [{ topic: "prices", unchanged: 1, edited: 0, discarded: 0, open: 0 }]);
});

Deno.test("a draft that the contact overtook cannot be sent; the newer one answers everything (C12)", async () => {
  await using puppet = startPuppetModel([
    oneCall("reply", { messages: ["Old"] }),
    oneCall("reply", { messages: ["New"] }),
  ]);
  await using test = await TestMoca.start({ settings, env: { OPENAI_BASE_URL: puppet.url } });
  const old = await drafted(test, "first question");
  const newer = await drafted(test, "second question");
  assert.deepEqual(newer.texts, ["New"]);
  const path = `/conversations/${test.conversation(ana)}/draft`;
  const refused = await test.send("POST", `${path}/send`, { draftId: old.id, commandId: "a" });
  assert.deepEqual([refused.status, refused.body.error.code], [409, "draft_overtaken"]);
  const shown = JSON.stringify(puppet.requests.at(-1)?.body.messages);
  assert.ok(shown.includes("first question") && shown.includes("second question"));
  const { items: turns } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
  assert.deepEqual(turns.map(({ number, messageIds }: Json) => [number, messageIds.length]), [[1, 2]]);
  const done = await test.send("POST", `${path}/discard`, { draftId: newer.id, commandId: "b" });
  assert.equal(done.status, 202);
  await test.pass(5_000);
  assert.deepEqual(test.delivered(ana), []);
});
