import assert from "node:assert/strict";
import { writePast } from "@tests/support/past_turns.ts";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount, seedStories } from "@/backoffice/testing/seed.ts";

async function open(): Promise<{ fixture: Fixture; visitor: Visitor } & AsyncDisposable> {
  const fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { fixture, visitor, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

async function textOf(visitor: Visitor, path: string): Promise<string> {
  const response = await visitor.get(path);
  assert.equal(response.status, 200, path);
  return (await response.text()).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

Deno.test("a decision is told from the first message to the sent answer, in the order in which it happened", async () => {
  await using office = await open();
  const { ana } = await seedStories(office.fixture.store);
  const inOrder = new RegExp(
    [
      "Received at \\d\\d:\\d\\d:\\d\\d, 0 s after it was written",
      "Grouped 3 messages in 12 s, then waited 4 s for more",
      "Timing from .* took 2\\.1 s",
      "Checks pass",
      "Rules 3f9a0c11d2e4",
      "Agent not asked",
      "Decided by rule prices",
      "Answer Sent .* at \\d\\d:\\d\\d:\\d\\d, 2\\.9 s after the decision",
    ].join(".*"),
  );
  assert.match(await textOf(office.visitor, `/admin/inbox/${ana}`), inOrder);
  assert.match(await textOf(office.visitor, `/admin/turns/${ana}_t1`), inOrder);
});

Deno.test("a decision is tried again with today's rules, which changes nothing", async () => {
  await using office = await open();
  const { store, deps } = office.fixture;
  const noRules = { ...deps.rules.current(), rules: [] };
  const from = new Date(store.now().getTime() - 3_600_000);
  await writePast(store, { set: noRules, conversations: [["the price?"], ["hello"]], from });
  const asked = `/admin/turns/${accountId}_7000_t1`;
  assert.doesNotMatch(await textOf(office.visitor, asked), /With today’s rules/);
  const before = await store.turns.get(`${accountId}_7000_t1`);
  const changed = /Today’s rules would decide otherwise\..*rule prices.*From \$20\..*dedup.*takeover.*prices/;
  assert.match(await textOf(office.visitor, `${asked}?again=1`), changed);
  const same = await textOf(office.visitor, `/admin/turns/${accountId}_7001_t1?again=1`);
  assert.match(same, /Today’s rules decide the same\..*the agent would be asked/);
  assert.deepEqual(await store.turns.get(`${accountId}_7000_t1`), before);
});

Deno.test("a decision that no rule was asked for says that it cannot be tried again", async () => {
  await using office = await open();
  const { luis } = await seedStories(office.fixture.store);
  assert.match(await textOf(office.visitor, `/admin/turns/${luis}_t1?again=1`), /cannot be tried again/);
});
