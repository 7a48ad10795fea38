/** An access token never ends unseen; when it does, nothing is lost and everything goes out once. */
import assert from "node:assert/strict";
import { TokenWorker, type TokenWorkerOptions } from "@/instagram/token_worker.ts";
import { makeInstagramClient } from "@/instagram/client.ts";
import { makeMetrics } from "@/metrics.ts";
import { makeSealer } from "@/seal.ts";
import { startInstagram } from "@/simulator/instagram.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import type { Account } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { accountId, TestMoca } from "@tests/support/test_moca.ts";

const dayMs = 24 * 3_600_000;
const ana = "1000000000000001";
const firstToken = "first-token-of-the-account";
const pasted = "pasted-token-0123456789";

interface Scene extends AsyncDisposable {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly workers: readonly [TokenWorker, TokenWorker];
  readonly options: TokenWorkerOptions;
  readonly instagram: Awaited<ReturnType<typeof startInstagram>>;
  readonly account: () => Promise<Account>;
  readonly tokenNow: () => Promise<string>;
  readonly refreshes: () => number;
  readonly daysLeft: () => Promise<string>;
}

async function openScene(): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const { one: store, two, clock } = stack.use(await openTemporaryStore());
  const instagram = stack.use(
    await startInstagram({
      clock,
      accountId,
      username: "test.shop",
      token: firstToken,
      appSecret: "secret",
      webhookUrl: () => "http://127.0.0.1:1/webhook",
    }),
  );
  const client = stack.use(makeInstagramClient({ graph: { url: instagram.url, version: "v25.0" }, clock }));
  const sealer = await makeSealer(new Uint8Array(32).fill(7));
  const metrics = makeMetrics();
  const options = { store, instagram: client, sealer, clock, metrics };
  const now = clock.now();
  const token = { sealed: await sealer.seal(firstToken, accountId), ending: "ount", savedAt: now };
  await store.accounts.put(
    { id: accountId, token, state: "active", settings: {}, ver: 0, createdAt: now, updatedAt: now },
    0,
  );
  const account = async (): Promise<Account> => {
    const found = await store.accounts.get(accountId);
    assert.ok(found !== undefined);
    return found;
  };
  return {
    store,
    clock,
    options,
    workers: [new TokenWorker(options), new TokenWorker({ ...options, store: two })],
    instagram,
    account,
    tokenNow: async () => await sealer.open((await account()).token?.sealed ?? "", accountId),
    refreshes: () => instagram.log.filter(({ call }) => call === "refresh").length,
    daysLeft: async () => await metrics.registry.getSingleMetricAsString("moca_token_days_left"),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("a token is refreshed after its first day, not before, by one of two instances", async () => {
  await using scene = await openScene();
  const [one, two] = scene.workers;
  scene.clock.advance(dayMs - 1);
  await Promise.all([one.drain(), two.drain()]);
  assert.equal(scene.refreshes(), 0);
  scene.clock.advance(1);
  await Promise.all([one.drain(), two.drain()]);
  assert.equal(scene.refreshes(), 1);
  const { token } = await scene.account();
  assert.notEqual(await scene.tokenNow(), firstToken);
  assert.equal(token?.expiresAt?.getTime(), scene.clock.now().getTime() + 60 * dayMs);
  assert.match(await scene.daysLeft(), new RegExp(`account="${accountId}"} 60`));
  scene.clock.advance(7 * dayMs - 1);
  await one.drain();
  assert.equal(scene.refreshes(), 1);
  scene.clock.advance(1);
  await one.drain();
  assert.equal(scene.refreshes(), 2);
});

Deno.test("a token that Instagram refuses pauses the account with the cure, stays, and is tried ever more rarely", async () => {
  await using scene = await openScene();
  const [worker] = scene.workers;
  scene.clock.advance(dayMs);
  scene.instagram.expireToken();
  await worker.drain();
  assert.equal(await scene.tokenNow(), firstToken);
  assert.equal(scene.refreshes(), 1);
  const { state, pausedReason } = await scene.account();
  assert.deepEqual([state, pausedReason], [
    "paused",
    "the access token has expired: give Moca a new access token in Settings",
  ]);
  scene.clock.advance(10 * 60_000);
  await worker.drain();
  assert.equal(scene.refreshes(), 2);
  scene.clock.advance(10 * 60_000);
  await worker.drain();
  assert.equal(scene.refreshes(), 2);
  scene.clock.advance(10 * 60_000);
  await worker.drain();
  assert.equal(scene.refreshes(), 3);
});

Deno.test("a new token that Instagram does not know never replaces the old one", async () => {
  await using scene = await openScene();
  const { refreshToken } = scene.options.instagram;
  const me: TokenWorkerOptions["instagram"]["me"] = () =>
    Promise.resolve({ kind: "failed", error: { message: "no such token" } });
  scene.clock.advance(dayMs);
  await new TokenWorker({ ...scene.options, instagram: { refreshToken, me } }).drain();
  assert.equal(await scene.tokenNow(), firstToken);
  assert.equal((await scene.account()).state, "active");
});

Deno.test("a token sealed with another key is no failure of the worker, and asks Instagram nothing", async () => {
  await using scene = await openScene();
  const sealer = await makeSealer(new Uint8Array(32).fill(8));
  scene.clock.advance(dayMs);
  await new TokenWorker({ ...scene.options, sealer }).drain();
  assert.equal(scene.refreshes(), 0);
});

Deno.test("after a rotation of the key every token is sealed anew, and the old key can go (C26)", async () => {
  await using scene = await openScene();
  const [oldKey, newKey] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(9)];
  const sealer = await makeSealer([newKey, oldKey]);
  await new TokenWorker({ ...scene.options, sealer }).drain();
  const { token, state } = await scene.account();
  const onlyNew = await makeSealer(newKey);
  assert.equal(await onlyNew.open(token?.sealed ?? "", accountId), firstToken);
  assert.deepEqual([token?.ending, state, scene.refreshes()], ["ount", "active", 0]);
});

Deno.test("a token that a person pastes during a refresh stays", async () => {
  await using scene = await openScene();
  const { store, sealer, instagram } = scene.options;
  const me: TokenWorkerOptions["instagram"]["me"] = async (token) => {
    const account = await scene.account();
    const sealed = await sealer.seal(pasted, accountId);
    const another = { sealed, ending: "6789", savedAt: scene.clock.now() };
    await store.accounts.put({ ...account, token: another }, account.ver);
    return await instagram.me(token);
  };
  scene.clock.advance(dayMs);
  await new TokenWorker({ ...scene.options, instagram: { refreshToken: instagram.refreshToken, me } }).drain();
  assert.equal(await scene.tokenNow(), pasted);
});

Deno.test("an expired token pauses the account with its cure; after a new one all goes out once", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  const contacts = [ana, "1000000000000002"];
  test.instagram.expireToken();
  for (const psid of contacts) await test.instagram.contactSends(psid, { kind: "text", text: "hola" });
  await test.pass(10_000);
  const { account } = await test.get("/settings");
  assert.equal(account.state, "paused");
  assert.match(account.pausedReason, /token/i);
  assert.match(account.pausedReason, /Settings/);
  assert.deepEqual(contacts.map((psid) => test.delivered(psid).length), [0, 0]);
  test.instagram.setToken(pasted);
  const { status, body } = await test.send("PATCH", "/settings", { token: pasted });
  assert.deepEqual([status, body.account.state, body.token.ending], [200, "active", "6789"]);
  await test.pass(60_000);
  assert.deepEqual(contacts.map((psid) => test.delivered(psid).length), [1, 1]);
});

Deno.test("a pause that asks for something else than a token ends by a click, and comes back while the cause is there", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  const path = `/accounts/${accountId}/resume`;
  assert.equal((await test.send("POST", path, {})).status, 409);
  test.instagram.expireToken();
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.pass(10_000);
  assert.deepEqual((await test.send("POST", path, {})).body.state, "active");
  await test.pass(70_000, 1_000);
  assert.equal((await test.get("/settings")).account.state, "paused");
  test.instagram.setToken(test.instagram.token);
  assert.equal((await test.send("POST", path, {})).status, 200);
  await test.pass(70_000, 1_000);
  assert.equal(test.delivered(ana).length, 1);
});

Deno.test("Settings tell when the token ends, was refreshed and will be", async () => {
  await using test = await TestMoca.start();
  const before = (await test.get("/settings")).token;
  assert.deepEqual([before.expiresAt, before.refreshedAt, before.daysLeft], [null, null, null]);
  test.clock.advance(dayMs);
  await test.settle();
  const { token } = await test.get("/settings");
  assert.equal(token.daysLeft, 60);
  assert.equal(Date.parse(token.nextRefreshAt) - Date.parse(token.refreshedAt), 7 * dayMs);
  assert.deepEqual(Object.keys(token), ["ending", "expiresAt", "refreshedAt", "nextRefreshAt", "daysLeft"]);
});
