import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, Story } from "@/backoffice/testing/seed.ts";

async function openStory(fixture: Fixture): Promise<{ story: Story; visitor: Visitor }> {
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { story, visitor };
}

const note = { kind: "note", text: "Prefers oat milk", commandId: "command-number-1" };

Deno.test("a note stands in the timeline, is found by the search, and leaves for nobody", async () => {
  await using fixture = await openFixture();
  const { story, visitor } = await openStory(fixture);
  const before = await story.aggregate();
  const answer = await visitor.post(`/admin/inbox/${story.id}/messages`, note);
  assert.deepEqual([answer.status, answer.headers.get("location")], [303, `/admin/inbox/${story.id}#latest`]);
  const page = await (await visitor.get(`/admin/inbox/${story.id}`)).text();
  assert.match(page, /class="entry note"[\s\S]*Note · admin[\s\S]*never sent[\s\S]*Prefers oat milk/);
  assert.match(await (await visitor.get("/admin/inbox?q=oat")).text(), new RegExp(`row-${story.id}`));
  const after = await story.aggregate();
  assert.deepEqual(after.outbound, []);
  assert.deepEqual(after.conversation.handler, before.conversation.handler);
  assert.deepEqual(after.conversation.lastMessage, before.conversation.lastMessage);
  assert.equal(fixture.wakes(), 0);
  const [entry] = await fixture.store.audit.list({ object: story.id, limit: 1 });
  assert.deepEqual([entry?.action, entry?.actor, entry?.changes], ["note.add", "admin", {}]);
});

Deno.test("the same note sent twice is kept once (C15)", async () => {
  await using fixture = await openFixture();
  const { story, visitor } = await openStory(fixture);
  const send = (): Promise<Response> => visitor.post(`/admin/inbox/${story.id}/messages`, note);
  assert.deepEqual((await Promise.all([send(), send()])).map(({ status }) => status), [303, 303]);
  const { items } = await fixture.store.messages.page(story.id, { limit: 9 });
  assert.deepEqual(items.map(({ kind }) => kind), ["text", "note"]);
});

Deno.test("a note that is not taken stays in the composer as a note, with the reason", async () => {
  await using fixture = await openFixture();
  const { story, visitor } = await openStory(fixture);
  const long = { ...note, text: "x".repeat(5_001) };
  const answer = await visitor.post(`/admin/inbox/${story.id}/messages`, long);
  assert.equal(answer.status, 422);
  const page = await answer.text();
  assert.match(page, /too long for a note/);
  assert.match(page, /value="note" checked/);
  assert.match(page, /x{5001}<\/textarea>/);
});

Deno.test("a note may be written when Instagram's window is closed, and goes when the contact is erased", async () => {
  await using fixture = await openFixture();
  const { story, visitor } = await openStory(fixture);
  fixture.clock.advance(8 * 24 * 3_600_000);
  await visitor.signIn();
  const page = await (await visitor.get(`/admin/inbox/${story.id}`)).text();
  assert.match(page, /You cannot write now[\s\S]*type="hidden" name="kind" value="note"/);
  assert.equal((await visitor.post(`/admin/inbox/${story.id}/messages`, note)).status, 303);
  await fixture.store.conversations.erase(story.id);
  assert.deepEqual((await fixture.store.messages.page(story.id, { limit: 9 })).items, []);
  assert.deepEqual((await fixture.store.conversations.list({ q: "oat", limit: 9 })).items, []);
});
