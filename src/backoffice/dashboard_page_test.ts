import assert from "node:assert/strict";
import { noteHandshake } from "@/backoffice/first_steps.ts";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";
import type { Message } from "@/store/records.ts";
import { makeEnvelope, makeMessage, makeTurn } from "@/store/testing/factories.ts";
import { save } from "@/store/testing/check.ts";

/** The page's text without its tags, as somebody reads it. */
async function readDashboard(
  fixture: Fixture,
  { headers = {}, range = "7d" }: { headers?: Record<string, string>; range?: string } = {},
): Promise<string> {
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const response = await visitor.get(`/admin/dashboard?range=${range}`, headers);
  assert.equal(response.status, 200);
  return (await response.text()).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

const live = { config: { mode: "live", simulated: false } } as const;

Deno.test("an empty Moca is told its first steps, and that numbers come later", async () => {
  await using fixture = await openFixture(live);
  const page = await readDashboard(fixture);
  assert.match(page, /First steps 2 of 5 done/);
  assert.match(page, /Access token to do No account has a valid token/);
  assert.match(page, /Webhook to do Meta has not called yet/);
  assert.match(page, /Model optional/);
  assert.match(page, /No data in this time/);
});

Deno.test("a webhook that was verified and never called says so", async () => {
  await using fixture = await openFixture(live);
  noteHandshake(fixture.store);
  assert.match(
    await readDashboard(fixture),
    /Webhook to do Meta verified the address \(.+\), but nothing has come yet/,
  );
});

Deno.test("the first steps go away by themselves once nothing is open", async () => {
  await using fixture = await openFixture(live);
  const { store } = fixture;
  const account = await seedAccount(store);
  const savedAt = store.now();
  await store.accounts.put({ ...account, token: { sealed: "s", ending: "abcd", savedAt } }, 1);
  await store.envelopes.accept(makeEnvelope({ receivedAt: savedAt }));
  assert.match(await readDashboard(fixture), /4 of 5 done.*First message to do/);
  await new Story(store, "1").says("hola");
  assert.doesNotMatch(await readDashboard(fixture), /First steps/);
});

Deno.test("messages are counted by what became of them, against the time before, silences with their reasons", async () => {
  await using fixture = await openFixture();
  const { store } = fixture;
  await seedAccount(store);
  const at = (daysAgo: number): Date => new Date(store.now().getTime() - daysAgo * 24 * 3_600_000);
  const silent = { kind: "silent", by: "core", texts: [] } as const;
  const turns = [
    { decidedAt: at(0), outcome: { ...silent, reason: "cooldown: 42 s left" } },
    { decidedAt: at(2), outcome: { ...silent, reason: "cooldown: 7 s left" } },
    { decidedAt: at(2), outcome: { kind: "replied", reason: "r", by: "agent", texts: ["x"] } as const },
    { decidedAt: at(8), outcome: { ...silent, reason: "too old" } },
  ].map((turn, index) =>
    makeTurn({ ...turn, id: `t${index}`, number: index + 1, accountId, messageIds: [`m${index}`, `n${index}`] })
  );
  await save(store, {}, { turns });
  const page = await readDashboard(fixture);
  assert.match(page, /Messages in 6 \+200% against the time before/);
  assert.match(page, /Answered by the bot 2 33% none in the time before/);
  assert.match(page, /Stayed silent 4 67% \+100% against the time before/);
  assert.match(page, /Reason Messages cooldown 4 /);
  assert.doesNotMatch(page, /too old/);
  assert.match(await readDashboard(fixture, { range: "24h" }), /Messages in 2 none in the time before/);
  assert.match(await readDashboard(fixture, { range: "30d" }), /Messages in 8 none in the time before.*too old/);
});

Deno.test("what people made of drafts is counted by topic", async () => {
  await using fixture = await openFixture();
  const { store } = fixture;
  await seedAccount(store);
  const outcome = { kind: "drafted", reason: "r", by: "agent", texts: ["x"] } as const;
  const review = { verdict: "edited", by: "ana", at: store.now() } as const;
  const drafted = { accountId, decidedAt: store.now(), messageIds: ["m"], outcome };
  const turns = [makeTurn({ ...drafted, topic: "prices", review }), makeTurn({ ...drafted, number: 2 })];
  await save(store, {}, { turns });
  assert.match(await readDashboard(fixture), /prices 0 1 0 0 No topic 0 0 0 1/);
});

Deno.test("messages in and out are counted in steps, and people's time to answer stands apart from the bot's", async () => {
  await using fixture = await openFixture();
  const { store } = fixture;
  await seedAccount(store);
  const at = (minutesAgo: number): Date => new Date(store.now().getTime() - minutesAgo * 60_000);
  const out = { role: "assistant", accountId } as const;
  const messages = [
    makeMessage({ accountId, mid: "a", at: at(200) }),
    makeMessage({ accountId, mid: "b", at: at(199) }),
    makeMessage({ ...out, mid: "c", at: at(198), author: "bot" }),
    makeMessage({ accountId, mid: "d", at: at(100) }),
    makeMessage({ ...out, mid: "e", at: at(60), author: "operator" }),
    makeMessage({ accountId, mid: "f", at: at(30 * 60) }),
  ];
  await save(store, {}, { messages });
  const page = await readDashboard(fixture, { range: "24h" });
  assert.match(page, / 3 received \+200% against the time before 2 sent none in the time before/);
  assert.match(page, /Busiest: 2 messages within 60 min from/);
  assert.match(page, /Bot 1 2 min 2 min 2 min People 1 40 min 40 min 40 min/);
});

Deno.test("webhooks tell how late they came, messages that were found otherwise do not", async () => {
  await using fixture = await openFixture();
  const { store } = fixture;
  await seedAccount(store);
  const late = (mid: string, seconds: number, source: Message["source"] = "webhook"): Message => {
    const at = new Date(store.now().getTime() - 3_600_000);
    return makeMessage({ accountId, mid, at, source, receivedAt: new Date(at.getTime() + seconds * 1_000) });
  };
  const messages = [late("a", -5), late("b", 20), late("c", 45), late("d", 3_000, "backfill")];
  await save(store, {}, { messages });
  assert.match(await readDashboard(fixture), /half came within 20 s of the message, nine of ten within 45 s/);
});

Deno.test("texts that did not leave are counted by Instagram's code", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  assert.match(await readDashboard(fixture), /Not sent Reason Code Texts .* 10 1 /);
});

Deno.test("a panel that cannot be read leaves the others standing", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  fixture.store.messages.marks = () => Promise.reject(new Error("the disk is away"));
  const page = await readDashboard(fixture);
  assert.match(page, /Messages in and out This could not be read just now/);
  assert.match(page, /What became of messages The bot answered \d+% of the messages/);
});

Deno.test("the dashboard is asked again for its numbers alone", async () => {
  await using fixture = await openFixture();
  const part = await readDashboard(fixture, { headers: { "hx-request": "true" } });
  assert.doesNotMatch(part, /Sign out/);
});

Deno.test("what people did by hand is counted, and the oldest waiting text is told", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { ana, luis } = await seedStories(fixture.store);
  const { actions } = fixture.deps;
  await actions.changeConversation(ana, { handler: "person" }, "eva");
  await actions.changeConversation(luis, { handler: "bot" }, "eva");
  await actions.changeConversation(ana, { handler: "bot" }, "eva");
  const page = await readDashboard(fixture);
  assert.match(page, /By hand: 1 taken over · 2 given back · 2 texts sent/);
  assert.match(page, /The oldest open one has waited (2|3) h/);
});

Deno.test("what people did by hand leads an admin to the audit log", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const page = await (await visitor.get("/admin/dashboard")).text();
  assert.match(page, /<a href="\/admin\/audit\?action=message\.send">0 texts sent<\/a>/);
});

Deno.test("what people did by hand says so when it cannot be read, and the others stand", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  fixture.store.audit.list = () => Promise.reject(new Error("the disk is away"));
  const page = await readDashboard(fixture);
  assert.match(page, /This could not be read just now/);
  assert.doesNotMatch(page, /By hand:/);
  assert.match(page, /The bot answered \d+% of the messages/);
});

Deno.test("a token tells its days, when it was renewed and when it is next", async () => {
  await using fixture = await openFixture(live);
  const account = await seedAccount(fixture.store);
  const now = fixture.store.now();
  const days = (count: number): Date => new Date(now.getTime() + count * 24 * 3_600_000);
  const token = { sealed: "s", ending: "abcd", savedAt: days(-50), refreshedAt: days(-20), expiresAt: days(10.5) };
  await fixture.store.accounts.put({ ...account, token }, 1);
  assert.match(await readDashboard(fixture), /Token: 10 days left refreshed Nov 4, 2026 · Moca renews it \S+/);
});
