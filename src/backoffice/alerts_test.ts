import assert from "node:assert/strict";
import { loadAlerts } from "@/backoffice/alerts.ts";
import { type Fixture, openFixture } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount } from "@/backoffice/testing/seed.ts";
import type { Alert } from "@views/ui.ts";

const hourMs = 3_600_000;

async function alertsOf({ deps, store }: Fixture): Promise<readonly Alert["kind"][]> {
  return (await loadAlerts(deps, await store.accounts.list())).map(({ kind }) => kind);
}

async function envelopeCame({ store }: Fixture, agoMs: number): Promise<void> {
  const receivedAt = new Date(store.now().getTime() - agoMs);
  await store.envelopes.accept({ id: `e_${agoMs}`, body: new TextEncoder().encode("{}"), receivedAt });
}

Deno.test("a shop that is well is told of its broken rule file alone", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  assert.deepEqual(await alertsOf(fixture), ["brokenRules"]);
});

Deno.test("a bot that is off, an account that is paused and a token that ends are told, in the order of their weight", async () => {
  await using fixture = await openFixture();
  const { store } = fixture;
  const account = await seedAccount(store, { botEnabled: false });
  const token = { sealed: "s", ending: "4f2a", savedAt: store.now() };
  const soon = new Date(store.now().getTime() + 5 * 24 * hourMs);
  await store.accounts.put({ ...account, token: { ...token, expiresAt: soon } }, 1);
  assert.deepEqual(await alertsOf(fixture), ["botOff", "tokenEnds", "brokenRules"]);
  await store.accounts.put({ ...account, state: "paused", pausedReason: "token" }, 2);
  assert.deepEqual(await alertsOf(fixture), ["botOff", "brokenRules", "paused"]);
  assert.equal((await store.accounts.get(accountId))?.ver, 3);
});

Deno.test("a webhook that was silent for a day is told, one that never came or came since is not", async () => {
  await using fixture = await openFixture({ config: { mode: "live" } });
  await seedAccount(fixture.store);
  assert.deepEqual(await alertsOf(fixture), ["brokenRules"]);
  await envelopeCame(fixture, 25 * hourMs);
  assert.deepEqual(await alertsOf(fixture), ["brokenRules", "silentWebhook"]);
  await envelopeCame(fixture, 23 * hourMs);
  assert.deepEqual(await alertsOf(fixture), ["brokenRules"]);
});

Deno.test("nobody is told of a silent webhook where Instagram is pretended", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await envelopeCame(fixture, 25 * hourMs);
  assert.deepEqual(await alertsOf(fixture), ["brokenRules"]);
});
