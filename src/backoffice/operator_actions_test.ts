import assert from "node:assert/strict";
import { openFixture } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount, Story } from "@/backoffice/testing/seed.ts";

const commandId = "0f8c1c1e-1111-4222-8333-abcdefabcdef";

Deno.test("sendMessage() queues the text, hands the conversation over and wakes the queue", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const outcome = await fixture.deps.actions.sendMessage(
    story.id,
    { text: " Hi!\r\nHow can I help? ", commandId },
    "admin",
  );
  assert.equal(outcome.kind, "queued");
  const { outbound, conversation } = await story.aggregate();
  assert.deepEqual(outbound.map(({ text, state }) => [text, state]), [["Hi!\nHow can I help?", "queued"]]);
  assert.equal(conversation.handler.kind, "person");
  assert.equal(fixture.wakes(), 1);
});

Deno.test("sendMessage() acts once for one command, however many clicks come at once (C15)", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const clicks = Array.from(
    { length: 8 },
    () => fixture.deps.actions.sendMessage(story.id, { text: "Hi!", commandId }, "admin"),
  );
  const outcomes = await Promise.all(clicks);
  assert.equal(outcomes.filter(({ kind }) => kind === "queued").length, 1);
  assert.equal(outcomes.filter(({ kind }) => kind === "repeated").length, 7);
  assert.equal(new Set(outcomes.map((outcome) => "outboundId" in outcome && outcome.outboundId)).size, 1);
  assert.equal((await story.aggregate()).outbound.length, 1);
});

Deno.test("sendMessage() refuses a command id that was used for something else", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const [one, other] = [new Story(fixture.store, "1"), new Story(fixture.store, "2")];
  for (const story of [one, other]) await story.says("hola");
  const { actions } = fixture.deps;
  await actions.sendMessage(one.id, { text: "Hi!", commandId }, "admin");
  assert.equal((await actions.sendMessage(one.id, { text: "Bye!", commandId }, "admin")).kind, "commandMismatch");
  assert.equal((await actions.sendMessage(other.id, { text: "Hi!", commandId }, "admin")).kind, "commandMismatch");
  assert.equal((await other.aggregate()).outbound.length, 0);
});

Deno.test("sendMessage() changes nothing when Instagram's window is closed, unless a person says so knowingly", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  fixture.clock.advance(25 * 3_600_000);
  const before = await story.aggregate();
  const { actions } = fixture.deps;
  assert.equal((await actions.sendMessage(story.id, { text: "Hi!", commandId }, "admin")).kind, "windowClosed");
  assert.deepEqual(await story.aggregate(), before);
  const tagged = await actions.sendMessage(story.id, { text: "Hi!", commandId, tag: "HUMAN_AGENT" }, "admin");
  assert.equal(tagged.kind, "queued");
});

Deno.test("sendMessage() splits a long text and refuses one of more than ten parts", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const { actions } = fixture.deps;
  const sentence = "Gracias por escribirnos, en un momento te atendemos. ";
  await actions.sendMessage(story.id, { text: sentence.repeat(50), commandId }, "admin");
  const { outbound } = await story.aggregate();
  assert.equal(outbound.length, 3);
  assert.ok(outbound.every(({ text }) => new TextEncoder().encode(text).length <= 1_000));
  const tooLong = await actions.sendMessage(
    story.id,
    { text: sentence.repeat(300), commandId: "another-command" },
    "admin",
  );
  assert.ok(tooLong.kind === "invalid" && tooLong.problem === "tooManyParts");
});

Deno.test("sendMessage() refuses an empty text, a damaged command id and an unknown conversation", async () => {
  await using fixture = await openFixture();
  const { actions } = fixture.deps;
  const problemOf = async (text: string, id: string): Promise<string> => {
    const outcome = await actions.sendMessage(`${accountId}_9`, { text, commandId: id }, "admin");
    return outcome.kind === "invalid" ? outcome.problem : outcome.kind;
  };
  assert.equal(await problemOf("  \n ", commandId), "emptyText");
  assert.equal(await problemOf("Hi!", "with space"), "badCommandId");
  assert.equal(await problemOf("Hi!", commandId), "notFound");
});

Deno.test("actOnItem() retries and discards what is stuck, and leaves what was sent alone", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  await story.writes("Hi!", "command-1");
  const { actions } = fixture.deps;
  const id = (await story.aggregate()).outbound[0]!.id;
  assert.equal((await actions.actOnItem(id, "retry", "admin")).kind, "refused");
  await story.sends("failed");
  assert.equal((await actions.actOnItem(id, "retry", "admin")).kind, "done");
  assert.equal((await fixture.store.outbound.get(id))?.state, "queued");
  assert.equal((await actions.actOnItem(id, "cancel", "admin")).kind, "done");
  assert.equal((await fixture.store.outbound.get(id))?.state, "cancelled");
  assert.equal((await actions.actOnItem(id, "cancel", "admin")).kind, "refused");
  assert.equal((await actions.actOnItem("nothing", "retry", "admin")).kind, "notFound");
});

Deno.test("changeSettings() keeps only what differs from the defaults and logs who changed what", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { actions } = fixture.deps;
  const patch = { debounceMs: 5_000, mode: "auto", persona: "You are kind." };
  assert.equal((await actions.changeSettings(accountId, patch, "admin")).kind, "saved");
  assert.deepEqual((await fixture.store.accounts.get(accountId))?.settings, {
    debounceMs: 5_000,
    persona: "You are kind.",
  });
  const [entry] = await fixture.store.audit.list({ object: accountId, limit: 1 });
  assert.deepEqual(entry?.changes, {
    debounceMs: { before: 3_500, after: 5_000 },
    persona: { before: "0 characters", after: "13 characters" },
  });
  assert.equal((await actions.changeSettings(accountId, { debounceMs: null }, "admin")).kind, "saved");
  assert.deepEqual((await fixture.store.accounts.get(accountId))?.settings, { persona: "You are kind." });
});

Deno.test("changeSettings() names each bad field and saves nothing of the rest", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const patch = { debounceMs: -1, timezone: "Mars", cooldownMs: 1_000, colour: "red" };
  const outcome = await fixture.deps.actions.changeSettings(accountId, patch, "admin");
  assert.deepEqual(outcome.kind === "invalid" && Object.keys(outcome.fields).sort(), [
    "colour",
    "debounceMs",
    "timezone",
  ]);
  assert.deepEqual((await fixture.store.accounts.get(accountId))?.settings, {});
});

Deno.test("changeSettings() refuses to overwrite what somebody else saved meanwhile", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { actions } = fixture.deps;
  const read = (await fixture.store.accounts.get(accountId))!.ver;
  assert.equal((await actions.changeSettings(accountId, { cooldownMs: 1_000 }, "eva", read)).kind, "saved");
  assert.equal((await actions.changeSettings(accountId, { cooldownMs: 9_000 }, "admin", read)).kind, "conflict");
  assert.deepEqual((await fixture.store.accounts.get(accountId))?.settings, { cooldownMs: 1_000 });
});

Deno.test("saveToken() seals the token and lets a paused account go on (C26)", async () => {
  await using fixture = await openFixture();
  const account = await seedAccount(fixture.store);
  await fixture.store.accounts.put({ ...account, state: "paused", pausedReason: "the token expired" }, 1);
  const token = `IGAA${"x".repeat(60)}4f2a`;
  const { actions } = fixture.deps;
  assert.deepEqual(await actions.saveToken(accountId, ` ${token} `, "admin"), { kind: "saved", ending: "4f2a" });
  const saved = await fixture.store.accounts.get(accountId);
  assert.equal(saved?.state, "active");
  assert.doesNotMatch(JSON.stringify([saved, await fixture.store.audit.list({ limit: 10 })]), /IGAAxx/);
  assert.equal((await actions.saveToken(accountId, "short", "admin")).kind, "invalid");
});

Deno.test("sendMessage() lets one of two who answer at the same moment through, and shows the other the answer", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const send = (operator: string): ReturnType<typeof fixture.deps.actions.sendMessage> => {
    const request = { text: `from ${operator}`, commandId: `of-${operator}`, seenUpTo: new Date(0) };
    return fixture.deps.actions.sendMessage(story.id, request, operator);
  };
  const outcomes = await Promise.all([send("ada"), send("grace")]);
  assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ["newer", "queued"]);
  const [item, ...others] = (await story.aggregate()).outbound;
  assert.equal(others.length, 0);
  const told = outcomes.find((outcome) => outcome.kind === "newer");
  assert.equal(told?.answer.text, item?.text);
});
