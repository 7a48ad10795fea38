import assert from "node:assert/strict";
import { noteHandshake } from "@/backoffice/first_steps.ts";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";
import { makeEnvelope, makeTurn } from "@/store/testing/factories.ts";
import { save } from "@/store/testing/check.ts";

/** The page's text without its tags, as somebody reads it. */
async function readDashboard(fixture: Fixture, headers: Record<string, string> = {}): Promise<string> {
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const response = await visitor.get("/admin/dashboard", headers);
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
  assert.match(page, /No message has been decided on in the last 7 days/);
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

Deno.test("messages are counted by what became of them, today and in seven days, silences with their reasons", async () => {
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
  assert.match(page, /Messages in 2 6 /);
  assert.match(page, /Answered by the bot 0 0% 2 33% /);
  assert.match(page, /Stayed silent 2 100% 4 67% /);
  assert.match(page, /Reason Messages cooldown 4 /);
  assert.doesNotMatch(page, /too old/);
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

Deno.test("the time to answer runs from the message coming in to the answer leaving", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  assert.match(await readDashboard(fixture), /Half of the answers within \d+ s .*Nine of ten within \d+ s /);
});

Deno.test("the dashboard is asked again for its numbers alone", async () => {
  await using fixture = await openFixture();
  const part = await readDashboard(fixture, { "hx-request": "true" });
  assert.doesNotMatch(part, /Sign out/);
});
