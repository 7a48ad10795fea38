/** Several accounts on one Moca: each has its own token, pace, pause and contacts. */
import assert from "node:assert/strict";
import { accountId, adminToken, type Json } from "@tests/support/test_moca.ts";
import { otherId, otherToken, TwoAccounts } from "@tests/support/two_accounts.ts";

const ana = "1000000000000001";
const ben = "2000000000000001";
const hola = { kind: "text", text: "hola" } as const;

async function connected(): Promise<TwoAccounts> {
  const two = await TwoAccounts.start();
  const { status, body } = await two.test.send("POST", "/accounts", { token: otherToken });
  assert.deepEqual([status, body.id, body.username, body.state], [201, otherId, "other.shop", "active"]);
  return two;
}

async function accounts({ test }: TwoAccounts): Promise<readonly Json[]> {
  return (await test.get("/accounts")).items;
}

Deno.test("an account is connected by its token alone; its contacts are answered by it, and by it only", async () => {
  await using two = await connected();
  await two.test.instagram.contactSends(ana, hola);
  await two.other.contactSends(ben, hola);
  await two.test.pass(10_000);
  assert.deepEqual([two.test.delivered(ana).length, two.other.applied(ben).length], [1, 1]);
  assert.deepEqual([two.test.delivered(ben).length, two.other.applied(ana).length], [0, 0]);
  const { items } = await two.test.get("/conversations");
  assert.deepEqual(items.map((item: Json) => item.accountId).toSorted(), [accountId, otherId]);
});

Deno.test("the dead token of one account stops that one only, and its cure brings back only that one", async () => {
  await using two = await connected();
  two.other.expireToken();
  await two.test.instagram.contactSends(ana, hola);
  await two.other.contactSends(ben, hola);
  await two.test.pass(10_000);
  assert.deepEqual((await accounts(two)).map(({ state }) => state), ["active", "paused"]);
  assert.deepEqual([two.test.delivered(ana).length, two.other.applied(ben).length], [1, 0]);
  const fresh = `${otherToken}-2`;
  two.other.setToken(fresh);
  const { status } = await two.test.send("PATCH", `/settings?account=${otherId}`, { token: fresh });
  assert.equal(status, 200);
  await two.test.pass(90_000, 1_000);
  assert.equal(two.other.applied(ben).length, 1);
});

Deno.test("throttling and limits of one account do not slow the other", async () => {
  await using two = await connected();
  two.other.limitCalls({ callsPerHour: 12, header: "business" });
  const psids = Array.from({ length: 10 }, (_, index) => `300000000000000${index}`);
  for (const psid of psids) await two.other.contactSends(psid, hola);
  for (const psid of psids) await two.test.instagram.contactSends(psid, hola);
  await two.test.pass(30_000, 1_000);
  assert.deepEqual(psids.map((psid) => two.test.delivered(psid).length), psids.map(() => 1));
  assert.ok(two.other.applied().length < psids.length);
  const [first, second] = await accounts(two);
  assert.equal(first.pace.factor, 1);
  assert.ok(second.pace.factor < 1);
  await two.test.pass(4 * 3_600_000, 60_000);
  assert.deepEqual(psids.map((psid) => two.other.applied(psid).length), psids.map(() => 1));
});

Deno.test("a token of another account is not taken for this one's, nor one that Instagram does not know", async () => {
  await using two = await connected();
  const wrong = await two.test.send("PATCH", `/settings?account=${accountId}`, { token: otherToken });
  assert.equal(wrong.status, 422);
  assert.match(wrong.body.error.fields.token, /another account/);
  const unknown = await two.test.send("POST", "/accounts", { token: "no-token-that-instagram-knows" });
  assert.equal(unknown.status, 422);
  assert.ok(!JSON.stringify([wrong.body, unknown.body]).includes(otherToken));
  await two.test.instagram.contactSends(ana, hola);
  await two.test.pass(10_000);
  assert.equal(two.test.delivered(ana).length, 1);
});

Deno.test("each account's page shows its own settings, and a pause is told with the account's name", async () => {
  await using two = await connected();
  two.other.expireToken();
  await two.other.contactSends(ben, hola);
  await two.test.pass(10_000);
  const { url } = two.test.moca;
  const signIn = await fetch(`${url}/admin/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: url, "sec-fetch-site": "same-origin" },
    body: new URLSearchParams({ token: adminToken }),
  });
  await signIn.body?.cancel();
  const cookie = signIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const page = await (await fetch(`${url}/admin/settings?account=${otherId}&lang=es`, { headers: { cookie } })).text();
  assert.match(page, /@other\.shop: No se envía nada: el token de acceso caducó: dale a Moca un token de acceso nuevo/);
  assert.ok(!page.includes(otherToken));
});
