import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { makeAccountEraser } from "@/account_eraser.ts";
import { metaRoutes } from "@/api/meta_routes.ts";
import { openFixture } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount, seedStories } from "@/backoffice/testing/seed.ts";

const secret = "meta-secret";

function signed(userId: string, key = secret): string {
  const payload = JSON.stringify({ algorithm: "HMAC-SHA256", user_id: userId, issued_at: 1_700_000_000 });
  const encoded = new TextEncoder().encode(payload).toBase64({ alphabet: "base64url", omitPadding: true });
  return `${createHmac("sha256", key).update(encoded).digest("base64url")}.${encoded}`;
}

// deno-lint-ignore explicit-function-return-type -- inferred from what it opens
async function openMeta() {
  const fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  const config = { appSecrets: [secret], publicUrl: "https://moca.example" };
  let asked = 0;
  const routes = metaRoutes({ config, store: fixture.store, onDeletion: () => asked += 1 });
  const post = (path: string, value: string): Promise<Response> =>
    Promise.resolve(routes.request(path, { method: "POST", body: new URLSearchParams({ signed_request: value }) }));
  return { fixture, post, asked: () => asked, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

Deno.test("a deletion that the owner asked Meta for erases every contact, and can be followed by its code", async () => {
  await using meta = await openMeta();
  const { store, clock, app } = meta.fixture;
  const response = await meta.post("/data-deletion", signed(accountId));
  const { url, confirmation_code: code } = await response.json();
  assert.equal(url, `https://moca.example/admin/deletion/${code}`);
  assert.equal(meta.asked(), 1);
  const page = async (): Promise<string> => await (await app.request(`/admin/deletion/${code}`)).text();
  assert.match(await page(), /Under way/);
  await makeAccountEraser({ store, clock }).drain();
  assert.match(await page(), /Done/);
  assert.equal((await store.conversations.counts({ accountId })).all, 0);
  assert.equal(await store.messages.count(), 0);
});

Deno.test("a deletion that is asked for twice has one code, and a stranger's finds nothing", async () => {
  await using meta = await openMeta();
  const first = await (await meta.post("/data-deletion", signed(accountId))).json();
  const again = await (await meta.post("/data-deletion", signed(accountId))).json();
  assert.equal(first.confirmation_code, again.confirmation_code);
  const stranger = await (await meta.post("/data-deletion", signed("999"))).json();
  const page = await meta.fixture.app.request(new URL(stranger.url).pathname);
  assert.match(await page.text(), /Nothing is kept/);
});

Deno.test("an account whose owner removed the app loses its token, sends nothing and keeps its history", async () => {
  await using meta = await openMeta();
  const { store } = meta.fixture;
  const before = (await store.conversations.counts({ accountId })).all;
  assert.equal((await meta.post("/deauthorize", signed(accountId))).status, 200);
  const account = await store.accounts.get(accountId);
  assert.deepEqual([account?.state, account?.token], ["paused", undefined]);
  assert.equal((await store.conversations.counts({ accountId })).all, before);
  assert.equal((await store.audit.list({ object: accountId, limit: 1 }))[0]?.action, "account.deauthorized");
});

Deno.test("a callback that Meta did not sign changes nothing", async () => {
  await using meta = await openMeta();
  for (const value of ["", "x.y", signed(accountId, "another")]) {
    for (const path of ["/deauthorize", "/data-deletion"]) assert.equal((await meta.post(path, value)).status, 401);
  }
  assert.equal((await meta.fixture.store.accounts.get(accountId))?.state, "active");
});
