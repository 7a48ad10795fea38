/** Documents and facts as the team meets them, over HTTP. */
import assert from "node:assert/strict";
import { oneCall, startPuppetModel } from "@tests/support/puppet_model.ts";
import { TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";

Deno.test("a document that is saved is found by the agent's next search, and its title stands in the trace", async () => {
  await using puppet = startPuppetModel([
    oneCall("search_knowledge", { query: "envíos a domicilio" }),
    oneCall("reply", { messages: ["El envío cuesta $55"] }),
  ]);
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url } });
  const { status, body } = await test.send("POST", "/knowledge", { title: "Envíos", text: "El envío cuesta $55." });
  assert.equal(status, 201);
  await test.instagram.contactSends(ana, { kind: "text", text: "¿hacen envíos?" });
  await test.pass(8_000);
  const { items: [turn] } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
  assert.equal(turn.agent.tools[0].result, 'From "Envíos":\nEl envío cuesta $55.');
  const put = { title: "Envíos", text: "Gratis.", ver: body.ver };
  assert.equal((await test.send("PUT", `/knowledge/${body.id}`, put)).status, 200);
  assert.equal((await test.send("PUT", `/knowledge/${body.id}`, put)).status, 409);
  assert.equal((await test.send("POST", "/knowledge", { title: "", text: "x" })).status, 422);
  assert.equal((await test.get("/knowledge?q=envio")).items[0].text, "Gratis.");
});

Deno.test("a fact with its receipt is undone once, and never one that has changed since", async () => {
  const note = (value: string) => ({ name: "update_contact", arguments: { field: "name", value, quote: value } });
  const reply = { name: "reply", arguments: { messages: ["Hi"] } };
  let name = "Ana";
  await using puppet = startPuppetModel(() => ({ kind: "calls", calls: [note(name), reply] }));
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 }, env: { OPENAI_BASE_URL: puppet.url } });
  const id = test.conversation(ana);
  for (name of ["Ana", "Bea"]) {
    await test.instagram.contactSends(ana, { kind: "text", text: `my name is ${name}` });
    await test.pass(20_000);
  }
  const before = (await test.get(`/contacts/${id}`)).fields.name;
  assert.deepEqual([before.value, before.source, before.previous], ["Bea", "agent", "Ana"]);
  const { items: messages } = await test.get(`/conversations/${id}/messages`);
  assert.equal(messages.find(({ id }: { id: string }) => id === before.messageId).text, "my name is Bea");
  const undo = (value: string) => test.send("POST", `/contacts/${id}/fields/name/undo`, { value });
  assert.equal((await undo("Ana")).status, 409);
  const { status, body } = await undo("Bea");
  assert.deepEqual([status, body.fields.name.value, body.fields.name.source], [200, "Ana", "person"]);
  assert.equal((await undo("Bea")).status, 409);
});
