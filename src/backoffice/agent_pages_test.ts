import assert from "node:assert/strict";
import { defaultSettings } from "@/conversation/settings.ts";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, Story } from "@/backoffice/testing/seed.ts";
import type { Store } from "@/store/store.ts";

const settings = { ...defaultSettings, mode: "draft" as const };

/** The id of a conversation in which a draft waits. */
async function seedDraft(store: Store): Promise<string> {
  await seedAccount(store, { mode: "draft" });
  const story = new Story(store, "6001", settings);
  await story.says("how much is it?");
  await story.decides({ kind: "reply", texts: ["It is $62"], reason: "the agent answered", by: "agent" });
  return story.id;
}

/** The hidden fields of the form that leads to `action`, whatever list it goes back to. */
function fieldsOf(page: string, action: string): Record<string, string> {
  const form = page.split("<form").find((part) => part.includes(`action="${action}?`)) ?? "";
  return Object.fromEntries(
    [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
  );
}

Deno.test("a draft can be sent as it is, edited or discarded without JavaScript, and two clicks act once", async () => {
  await using fixture = await openFixture();
  const id = await seedDraft(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const page = await (await visitor.get(`/admin/inbox/${id}`)).text();
  const path = `/admin/inbox/${id}/draft`;
  assert.match(page, /It is \$62/);
  const send = fieldsOf(page, `${path}/send`);
  for (let click = 0; click < 2; click += 1) assert.equal((await visitor.post(`${path}/send`, send)).status, 303);
  const { items } = await fixture.store.outbound.list({ conversationId: id, limit: 9 });
  assert.deepEqual(items.map(({ text, origin }) => [text, origin.kind]), [["It is $62", "operator"]]);
  const after = await (await visitor.get(`/admin/inbox/${id}`)).text();
  assert.match(after, /Sent unchanged by/);
  assert.equal((await visitor.post(`${path}/discard`, fieldsOf(page, `${path}/discard`))).status, 409);
});

Deno.test("an edited draft leaves the conversation with the bot and counts as edited", async () => {
  await using fixture = await openFixture();
  const id = await seedDraft(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const draftId = (await fixture.store.conversations.load(id))?.conversation.draft?.id ?? "";
  const page = await (await visitor.get(`/admin/inbox/${id}?draft=${draftId}`)).text();
  assert.match(page, /<textarea[^>]*>It is \$62<\/textarea>/);
  const form = { draftId, commandId: "c-12345678", text: "It is $60" };
  assert.equal((await visitor.post(`/admin/inbox/${id}/draft/send`, form)).status, 303);
  const aggregate = await fixture.store.conversations.load(id);
  assert.equal(aggregate?.conversation.handler.kind, "bot");
  const [turn] = await fixture.store.turns.list(id, { limit: 1 });
  assert.equal(turn?.review?.verdict, "edited");
});

Deno.test("a document is written, changed and deleted without JavaScript; what is refused stays in the form", async () => {
  await using fixture = await openFixture();
  const { id: account } = await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const refused = await visitor.post("/admin/knowledge", { account, title: "", text: "It costs $55" });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /Wants a title[^]*It costs \$55/);
  const saved = await visitor.post("/admin/knowledge", { account, title: "Deliveries", text: "It costs $55" });
  const path = saved.headers.get("location")?.replace("?done=saved", "") ?? "";
  const form = { account, title: "Deliveries", text: "Free", ver: "1" };
  assert.equal((await visitor.post(path, form)).status, 303);
  assert.equal((await visitor.post(path, { ...form, text: "Late" })).status, 409);
  assert.match(await (await visitor.get("/admin/knowledge?q=delivery")).text(), /Free/);
  assert.equal((await visitor.post(`${path}/remove`)).status, 303);
  assert.match(await (await visitor.get("/admin/knowledge")).text(), /There are no documents yet/);
});

Deno.test("topics are typed in rows; one without a name is refused, and empty rows are none", async () => {
  await using fixture = await openFixture();
  const { id } = await seedAccount(fixture.store);
  const ver = (await fixture.store.accounts.get(id))?.ver ?? 0;
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const page = await (await visitor.get("/admin/settings")).text();
  const numbers = [...page.matchAll(/<input[^>]*name="(\w+)"[^>]*type="number"[^>]*value="([^"]*)"/g)];
  const inputs = Object.fromEntries(numbers.map(([, name, value]) => [name!, value!]));
  const rest = {
    ver: `${ver}`,
    mode: "auto",
    cooldownPolicy: "skip",
    language: "en",
    timezone: "UTC",
    alwaysOpen: "yes",
  };
  const post = (topics: Record<string, string>): Promise<Response> =>
    visitor.post(`/admin/settings/${id}`, { ...inputs, ...rest, ...topics });
  const prices = { "topics.0.name": "prices", "topics.0.mode": "auto", "topics.0.words": "price, how much" };
  const refused = await post({ ...prices, "topics.1.words": "price" });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /name="topics\.1\.words"[^>]*value="price"/);
  assert.equal((await post({ ...prices, "topics.4.name": "health", "topics.4.mode": "off" })).status, 303);
  assert.deepEqual((await fixture.store.accounts.get(id))?.settings["topics"], [
    { name: "prices", mode: "auto", words: ["price", "how much"] },
    { name: "health", mode: "off", words: [] },
  ]);
});

Deno.test("the header says that the bot is off, be it switched off or its mode off", async () => {
  for (const settings of [{ mode: "off" }, { botEnabled: false }] as const) {
    await using fixture = await openFixture();
    await seedAccount(fixture.store, settings);
    const visitor = new Visitor(fixture.app);
    await visitor.signIn();
    assert.match(await (await visitor.get("/admin/rules")).text(), /Bot off/);
  }
});
