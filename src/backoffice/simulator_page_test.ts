import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { QuietPhone } from "@/backoffice/testing/quiet_phone.ts";
import { startChange, withContact, withMessages } from "@/conversation/aggregate.ts";
import { toMessage } from "@/conversation/receive.ts";
import { textEvent } from "@/conversation/testing.ts";
import { accountId, seedAccount, Story } from "@/backoffice/testing/seed.ts";

interface Simulated extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly phone: QuietPhone;
  readonly visitor: Visitor;
}

async function openSimulator(): Promise<Simulated> {
  const phone = new QuietPhone(accountId, [{ psid: "1", name: "Lucía", username: "lucia" }]);
  const fixture = await openFixture({ simulator: phone });
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { fixture, phone, visitor, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

Deno.test("the phone on screen writes as the contact, and exists in the sandbox only", async () => {
  await using simulated = await openSimulator();
  const { phone, visitor } = simulated;
  assert.equal((await visitor.get("/admin/simulator")).status, 200);
  await visitor.post("/admin/simulator/1/text", { text: "hola" });
  await visitor.post("/admin/simulator/1/burst", { texts: "a\n\n b \nc", seconds: "3" });
  await visitor.post("/admin/simulator/1/event", { event: "image" });
  assert.deepEqual(phone.asked, [
    ["1", [{ kind: "text", text: "hola" }]],
    ["1", [{ kind: "burst", texts: ["a", "b", "c"], gapMs: 1_500 }]],
    ["1", [{ kind: "image" }]],
  ]);
  assert.equal((await visitor.post("/admin/simulator/1/event", { event: "unsend" })).status, 422);
  await using live = await openFixture({ config: { mode: "live" } });
  const other = new Visitor(live.app);
  await other.signIn();
  assert.equal((await other.get("/admin/simulator")).status, 404);
});

Deno.test("a new person can be made to write as; a name is needed, a handle may be chosen", async () => {
  await using simulated = await openSimulator();
  const { phone, visitor } = simulated;
  const made = await visitor.post("/admin/simulator/personas", { name: "Rosa", language: "es", follows: "yes" });
  assert.equal(made.headers.get("location"), "/admin/simulator?persona=new1");
  assert.deepEqual(phone.personas[1], { psid: "new1", name: "Rosa", username: "rosa", language: "es", follows: true });
  const refused = await visitor.post("/admin/simulator/personas", { name: " " });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /A person needs a name/);
  await visitor.post("/admin/simulator/personas", { name: "Eva", username: " @Eva.Luna_9 " });
  assert.equal(phone.personas[2]?.username, "eva.luna_9");
  const badHandle = await visitor.post("/admin/simulator/personas", { name: "Eva", username: "eva luna" });
  assert.equal(badHandle.status, 422);
  assert.match(await badHandle.text(), /A handle has letters/);
});

Deno.test("keys open the last decision and begin the conversation anew", async () => {
  await using simulated = await openSimulator();
  const { fixture, visitor } = simulated;
  const story = new Story(fixture.store, "1");
  await story.says("what is the price?", 60_000);
  await story.decides({ kind: "reply", texts: ["From $20."], reason: "", by: "rule:prices" });
  const page = await (await visitor.get("/admin/simulator")).text();
  assert.match(page, /<summary data-key="w"/);
  assert.match(page, /action="\/admin\/simulator\/1\/clear"[\s\S]*?<button[^>]*data-key="c"/);
});

Deno.test("faults are armed together, shown until they have happened, and called off by taking the tick away", async () => {
  await using simulated = await openSimulator();
  const { phone, visitor } = simulated;
  const form = new URLSearchParams({ _csrf: visitor.csrf });
  for (const fault of ["http429", "outOfOrder", "nonsense"]) form.append("fault", fault);
  await visitor.send("/admin/simulator/1/faults", form);
  assert.deepEqual(phone.armed("1"), ["http429", "outOfOrder"]);
  const page = await (await visitor.get("/admin/simulator")).text();
  assert.match(page, /Armed: Too many calls/);
  assert.match(page, /A message is held back/);
  assert.match(page, /Instagram refused an answer: too many calls/);
  await visitor.post("/admin/simulator/1/faults", {});
  assert.doesNotMatch(await (await visitor.get("/admin/simulator")).text(), /Armed:/);
});

Deno.test("an answer that is offered can be tapped in the phone, and nothing else can", async () => {
  await using simulated = await openSimulator();
  const { fixture, phone, visitor } = simulated;
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const id = await offer(fixture, story.id, ["Prices", "Opening hours"]);
  const page = await (await visitor.get("/admin/simulator")).text();
  assert.match(page, /name="tap" value="Prices"/);
  await visitor.post("/admin/simulator/1/event", { tap: "Prices" });
  assert.equal((await visitor.post("/admin/simulator/1/event", { tap: "Free things" })).status, 422, id);
  assert.deepEqual(phone.asked, [["1", [{ kind: "quickReply", title: "Prices", payload: "Prices" }]]]);
});

Deno.test("the way from a broken rule file to what is wrong with it, and a narrow window's two views", async () => {
  await using simulated = await openSimulator();
  const { visitor } = simulated;
  const page = await (await visitor.get("/admin/simulator?persona=1&view=trace")).text();
  assert.match(page, /A rule file is broken[^<]*<a href="\/admin\/rules"/);
  assert.match(page, /class="sim trace"/);
  assert.match(await (await visitor.get("/admin/simulator?view=nonsense")).text(), /class="sim chat"/);
});

Deno.test("a conversation goes on in the simulator under another name, and stays as it was", async () => {
  await using simulated = await openSimulator();
  const { fixture, phone, visitor } = simulated;
  const story = new Story(fixture.store, "77");
  await story.says("Soy Ana, Ana Sofía, y mi pedido no llega. Mariana también es Ana.");
  await rename(fixture, story.id, "Ana Sofía Ramírez");
  const before = await fixture.store.messages.page(story.id, { limit: 9 });
  const response = await visitor.post(`/admin/simulator/from/${story.id}`);
  assert.equal(response.headers.get("location"), "/admin/simulator?persona=new1");
  assert.deepEqual(phone.asked, [["new1", ["Soy Alex, Alex Mora, y mi pedido no llega. Mariana también es Alex."]]]);
  const copy = await fixture.store.conversations.load(`${accountId}_new1`);
  assert.deepEqual([copy?.contact.name, copy?.debounce.pending], ["Alex Mora", []]);
  assert.deepEqual((await fixture.store.messages.page(story.id, { limit: 9 })).items, before.items);
  assert.equal((await visitor.post("/admin/simulator/from/nobody")).status, 404);
  assert.match(await (await visitor.get(`/admin/inbox/${story.id}`)).text(), /Simulate from here/);
});

async function rename({ store }: Fixture, conversation: string, name: string): Promise<void> {
  const base = await store.conversations.load(conversation);
  assert.ok(base !== undefined);
  await store.conversations.commit(withContact(startChange(base), { name }));
}

/** An answer with titles to tap stands last in the conversation; answers its id. */
async function offer({ store }: Fixture, conversation: string, quickReplies: readonly string[]): Promise<string> {
  const base = await store.conversations.load(conversation);
  assert.ok(base !== undefined);
  const { accountId, psid } = base.conversation;
  const at = new Date(store.now().getTime() + 1_000);
  const event = textEvent("offer", { accountId, psid, direction: "out", at });
  const row = toMessage(event, at);
  await store.conversations.commit(withMessages(startChange(base), [{ ...row, author: "bot", quickReplies }]));
  return row.id;
}

Deno.test("the time is moved on from the page, a month at most", async () => {
  await using simulated = await openSimulator();
  const { phone, visitor } = simulated;
  for (const by of ["tenSeconds", "fiveMinutes", "day"]) await visitor.post("/admin/simulator/1/clock", { by });
  assert.equal(phone.aheadMs, 86_710_000);
  assert.match(await (await visitor.get("/admin/simulator")).text(), /24 h ahead/);
  phone.aheadMs = 30 * 86_400_000;
  const refused = await visitor.post("/admin/simulator/1/clock", { by: "day" });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /30 days ahead at most/);
});

Deno.test("a conversation begins anew: the person is one who has never written", async () => {
  await using simulated = await openSimulator();
  const { fixture, visitor } = simulated;
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  assert.match(await (await visitor.get("/admin/simulator")).text(), /Begin anew/);
  assert.equal((await visitor.post("/admin/simulator/1/clear", {})).status, 303);
  assert.equal(await fixture.store.conversations.load(story.id), undefined);
  assert.match(await (await visitor.get("/admin/simulator")).text(), /Where is my order\?/);
});
