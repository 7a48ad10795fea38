import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount, Story } from "@/backoffice/testing/seed.ts";
import { saveCannedReply } from "@/backoffice/canned_actions.ts";
import { answersOf } from "@/backoffice/answers.ts";
import { afterNoon, makeItem, makeMessage } from "@/store/testing/factories.ts";

interface Scene {
  readonly story: Story;
  readonly visitor: Visitor;
  readonly path: string;
}

async function openScene(fixture: Fixture): Promise<Scene> {
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { story, visitor, path: `/admin/inbox/${story.id}` };
}

async function pageOf({ visitor, path }: Scene): Promise<string> {
  return await (await visitor.get(path)).text();
}

function hidden(page: string, name: string): string {
  return page.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? "";
}

function typedIn(page: string): string | undefined {
  return page.match(/<textarea id="text"[^>]*>([^<]*)<\/textarea>/)?.[1];
}

async function addReply(fixture: Fixture, body: string): Promise<string> {
  const save = { accountId, title: "Greeting", shortcut: "hi", body, operator: "ada" };
  const outcome = await saveCannedReply(fixture.store, save);
  assert.equal(outcome.kind, "saved");
  return outcome.kind === "saved" ? outcome.reply.id : "";
}

Deno.test("a ready reply is put behind what was typed, filled in for the contact, without JavaScript", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const id = await addReply(fixture, "Hi {{name|there}}, {{operator}} here.\nYour order {{order}}?");
  assert.match(await pageOf(scene), /Greeting[\s\S]*<code>\/hi<\/code>[\s\S]*Hi there, admin here/);
  const shown = await scene.visitor.post(`${scene.path}/canned`, { text: "One moment", kind: "reply", canned: id });
  assert.equal(shown.status, 200);
  assert.equal(typedIn(await shown.text()), "One moment\nHi there, admin here.\nYour order {{order}}?");
});

Deno.test("a text with something left to fill in is not sent, and stays in the composer", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const form = { text: "Your order {{order}}?", commandId: "command-number-1" };
  const refused = await scene.visitor.post(`${scene.path}/messages`, form);
  assert.equal(refused.status, 422);
  const page = await refused.text();
  assert.match(page, /fill in {{order}} first/);
  assert.equal(typedIn(page), form.text);
  assert.equal((await scene.story.aggregate()).outbound.length, 0);
  assert.equal(typedIn(await pageOf(scene)), form.text);
  const note = await scene.visitor.post(`${scene.path}/messages`, { ...form, kind: "note" });
  assert.equal(note.status, 303);
});

Deno.test("what is typed is there again on any page of that operator, and of nobody else, until it is sent", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const form = { text: "We have it in <red>", kind: "note", commandId: "command-number-1" };
  assert.equal((await scene.visitor.post(`${scene.path}/typed`, form)).status, 204);
  const page = await pageOf(scene);
  assert.equal(typedIn(page), "We have it in &lt;red>");
  assert.match(page, /value="note" checked[\s\S]*Draft saved/);
  assert.equal(await fixture.store.typedTexts.get(scene.story.id, "grace"), undefined);
  assert.equal((await scene.visitor.post(`${scene.path}/messages`, { ...form, kind: "reply" })).status, 303);
  assert.equal(typedIn(await pageOf(scene)), "");
});

Deno.test("what a browser keeps of a form after the form was sent is not kept", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const form = { text: "We have it", kind: "reply", commandId: "command-number-1" };
  await scene.visitor.post(`${scene.path}/messages`, form);
  assert.equal((await scene.visitor.post(`${scene.path}/typed`, form)).status, 204);
  assert.equal(await fixture.store.typedTexts.get(scene.story.id, "admin"), undefined);
});

Deno.test("an emptied composer and a discarded text are kept no longer", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const form = { text: "We have it", kind: "reply", commandId: "command-number-1" };
  await scene.visitor.post(`${scene.path}/typed`, form);
  await scene.visitor.post(`${scene.path}/typed`, { ...form, text: " " });
  assert.equal(await fixture.store.typedTexts.get(scene.story.id, "admin"), undefined);
  await scene.visitor.post(`${scene.path}/typed`, form);
  const discarded = await scene.visitor.post(`${scene.path}/typed/discard`, form);
  assert.deepEqual([discarded.status, typedIn(await pageOf(scene))], [303, ""]);
});

Deno.test("who has not seen a colleague's answer is told before theirs is sent, keeps the text, and may send anyway", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const seen = hidden(await pageOf(scene), "seen");
  fixture.clock.advance(1_000);
  await fixture.deps.actions.sendMessage(scene.story.id, { text: "It is $20", commandId: "of-grace" }, "grace");
  fixture.clock.advance(8_000);
  const form = { text: "It costs 20", commandId: "command-number-1", seen };
  const refused = await scene.visitor.post(`${scene.path}/messages`, form);
  assert.equal(refused.status, 409);
  const page = await refused.text();
  assert.match(page, /another answer meanwhile[\s\S]*grace[\s\S]*8 s ago:[\s\S]*It is \$20/);
  assert.match(page, /Discard text[\s\S]*Send anyway/);
  assert.equal(typedIn(page), "It costs 20");
  assert.equal((await scene.story.aggregate()).outbound.length, 1);
  const again = { ...form, commandId: "command-number-2", seen: hidden(page, "seen") };
  assert.equal((await scene.visitor.post(`${scene.path}/messages`, again)).status, 303);
  assert.equal((await scene.story.aggregate()).outbound.length, 2);
});

Deno.test("a contact's newer message stops nobody, nor does the same form sent twice", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const form = { text: "It is $20", commandId: "command-number-1", seen: hidden(await pageOf(scene), "seen") };
  fixture.clock.advance(1_000);
  await scene.story.says("hello?");
  const send = (): Promise<Response> => scene.visitor.post(`${scene.path}/messages`, form);
  assert.deepEqual([(await send()).status, (await send()).status], [303, 303]);
  assert.equal((await scene.story.aggregate()).outbound.length, 1);
});

Deno.test("answersOf() counts what left or is about to, not what came to nothing or is planned for later", () => {
  const operator = { kind: "operator", operator: "grace", commandId: "c", part: 1, parts: 1 } as const;
  const followUp = { kind: "followUp", turnId: "t1", by: "agent", why: "asked", evenIfAnswered: true } as const;
  const items = [
    makeItem({ seq: 1, text: "a", origin: operator, createdAt: afterNoon(3) }),
    makeItem({ seq: 2, text: "b", state: "cancelled" }),
    makeItem({ seq: 3, text: "c", origin: followUp, createdAt: afterNoon(1) }),
    makeItem({
      seq: 4,
      text: "d",
      origin: followUp,
      state: "sent",
      attempts: [{ number: 1, startedAt: afterNoon(9), rev: 1 }],
    }),
  ];
  const messages = [
    makeMessage({ author: "instagramApp", role: "assistant", text: "e", receivedAt: afterNoon(5) }),
    makeMessage({ author: "instagramApp", role: "assistant", text: "f", source: "backfill", receivedAt: afterNoon(6) }),
    makeMessage({ text: "g" }),
  ];
  assert.deepEqual(answersOf(messages, items), [
    { by: { operator: "grace" }, text: "a", at: afterNoon(3) },
    { by: "instagramApp", text: "e", at: afterNoon(5) },
    { by: "bot", text: "d", at: afterNoon(9) },
  ]);
});

Deno.test("a message takes the conversation from the bot, unless the tick keeps it", async () => {
  await using fixture = await openFixture();
  const scene = await openScene(fixture);
  const send = (commandId: string, more: Readonly<Record<string, string>>): Promise<Response> =>
    scene.visitor.post(`${scene.path}/messages`, { text: "And it is blue", commandId, ...more });
  assert.match(await pageOf(scene), /name="keepsBot"[^>]*>\s*Keep the bot on/);
  await send("command-number-1", { keepsBot: "yes" });
  assert.equal((await scene.story.aggregate()).conversation.handler.kind, "bot");
  await send("command-number-2", {});
  assert.equal((await scene.story.aggregate()).conversation.handler.kind, "person");
  assert.doesNotMatch(await pageOf(scene), /name="keepsBot"/);
});
