import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, Story } from "@/backoffice/testing/seed.ts";
import { makeOperator } from "@/store/testing/factories.ts";

interface Scene {
  readonly story: Story;
  readonly visitor: Visitor;
  readonly path: string;
}

async function openScene(fixture: Fixture): Promise<Scene> {
  await seedAccount(fixture.store);
  await fixture.store.operators.put(makeOperator({ id: "grace", role: "agent" }), 0);
  await fixture.store.operators.put(makeOperator({ id: "vera", role: "viewer" }), 0);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { story, visitor, path: `/admin/inbox/${story.id}` };
}

async function textOf({ visitor }: Scene, path: string): Promise<string> {
  return await (await visitor.get(path)).text();
}

/** Posts the change and answers the page that follows it. */
async function change(scene: Scene, form: Record<string, string>): Promise<string> {
  const answer = await scene.visitor.post(`${scene.path}/change`, form);
  assert.equal(answer.status, 303);
  return await textOf(scene, answer.headers.get("location")!.replace(/#.*/, ""));
}

function entryOf(page: string): string {
  return page.match(/name="entry" value="([^"]+)"/)?.[1] ?? "";
}

Deno.test("a conversation is assigned to who may answer, shown in timeline and list, and found by that", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const page = await change(scene, { assignee: "grace" });
  assert.match(page, /class="system"[\s\S]*admin assigned it to grace/);
  assert.match(
    await textOf(scene, "/admin/inbox?tab=all&assignee=grace"),
    new RegExp(`row-${scene.story.id}[\\s\\S]*grace`),
  );
  const found = async (assignee: string): Promise<boolean> =>
    (await textOf(scene, `/admin/inbox?tab=all&assignee=${assignee}`)).includes(`row-${scene.story.id}`);
  assert.deepEqual([await found("me"), await found("none"), await found("grace")], [false, false, true]);
  await change(scene, { assignee: "me" });
  assert.deepEqual([await found("me"), await found("none"), await found("grace")], [true, false, false]);
  await change(scene, { assignee: "none" });
  assert.deepEqual([await found("me"), await found("none")], [false, true]);
  await change(scene, { assignee: "vera" });
  assert.equal((await scene.story.aggregate()).conversation.assignee, undefined);
});

Deno.test("what was just changed can be taken back on the page that follows, without JavaScript", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const before = await scene.story.aggregate();
  const forms: Record<string, string>[] = [{ state: "closed" }, { handler: "person" }, { assignee: "grace" }];
  for (const form of forms) {
    const page = await change(scene, form);
    assert.match(page, /role="status"[\s\S]*>Undo</);
    const undone = await scene.visitor.post(`${scene.path}/undo`, { entry: entryOf(page) });
    assert.equal(undone.status, 303, JSON.stringify(form));
    const { conversation } = await scene.story.aggregate();
    const { state, handler, assignee } = before.conversation;
    assert.deepEqual([conversation.state, conversation.handler, conversation.assignee], [state, handler, assignee]);
  }
});

Deno.test("tags can be taken back, but not over a colleague's change, nor offered to anybody else or late", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const answer = await scene.visitor.post(`${scene.path}/contact`, { tags: "vip, late" });
  const location = answer.headers.get("location")!.replace(/#.*/, "");
  const page = await textOf(scene, location);
  assert.match(page, /changed the tags: vip, late/);
  await fixture.deps.actions.changeContact(scene.story.id, { tags: ["vip"] }, "grace");
  const refused = await scene.visitor.post(`${scene.path}/undo`, { entry: entryOf(page) });
  assert.equal(refused.status, 409);
  assert.match(await refused.text(), /changed again since/);
  assert.deepEqual((await scene.story.aggregate()).contact.tags, ["vip"]);
  const [entry] = await fixture.store.audit.list({ object: scene.story.id, limit: 1 });
  assert.doesNotMatch(await textOf(scene, `${scene.path}?undo=${entry?.id}`), />Undo</);
  fixture.clock.advance(11 * 60_000);
  assert.doesNotMatch(await textOf(scene, location), />Undo</);
});

Deno.test("send, done, next sends, closes, and leads to the next one of the list with an offer to take it back", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const other = new Story(fixture.store, "2");
  await other.says("buenas", 60_000);
  const form = { text: "Bye!", commandId: "command-number-1", then: "next" };
  const sent = await scene.visitor.post(`${scene.path}/messages?tab=all`, form);
  const location = sent.headers.get("location") ?? "";
  assert.match(location, new RegExp(`^/admin/inbox/${other.id}\\?tab=all&undo=`));
  const { conversation, outbound } = await scene.story.aggregate();
  assert.deepEqual([conversation.state, outbound.length], ["closed", 1]);
  const page = await textOf(scene, location.replace(/#.*/, ""));
  await scene.visitor.post(`${scene.path}/undo`, { entry: entryOf(page) });
  assert.equal((await scene.story.aggregate()).conversation.state, "open");
  const parts = await scene.visitor.post(
    `/admin/inbox/${other.id}/messages?tab=all`,
    { ...form, commandId: "command-number-2" },
    { "hx-request": "true" },
  );
  assert.match(parts.headers.get("hx-redirect") ?? "", /^\/admin\/inbox/);
});
