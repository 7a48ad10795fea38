import assert from "node:assert/strict";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount } from "@/backoffice/testing/seed.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { startInstagram } from "@/simulator/instagram.ts";
import { systemClock } from "@/clock.ts";

const token = "IGAA-typed-token-canary-0001";

Deno.test("testing the connection tells what is in the form, and saves and shows nothing of it", async () => {
  const options = { clock: systemClock, accountId, username: "casa.moca", token, appSecret: "unused" };
  await using instagram = await startInstagram({ ...options, webhookUrl: () => "http://127.0.0.1:9" });
  const graph = { url: instagram.url, version: "v25.0" };
  await using fixture = await openFixture({ config: { simulated: false, graph }, clock: new ManualClock() });
  const before = await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const entries = (await fixture.store.audit.list({ limit: 9 })).length;
  const test = (typed: string): Promise<Response> =>
    visitor.post(`/admin/settings/${accountId}/test`, { token: typed });

  const good = await (await test(token)).text();
  assert.match(good, /Works for @casa\.moca \(\d+\), from the form/);
  assert.doesNotMatch(good, /canary/);
  const bad = await (await test("IGAA-another-token-canary-0002")).text();
  assert.match(bad, /The one from the form was not taken/);
  assert.doesNotMatch(bad, /canary/);
  assert.match(await (await test("")).text(), /has none/);
  assert.equal((await test("short")).status, 422);

  assert.deepEqual(await fixture.store.accounts.get(accountId), { ...before, ver: 1 });
  assert.equal((await fixture.store.audit.list({ limit: 9 })).length, entries);
});
