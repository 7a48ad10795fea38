import assert from "node:assert/strict";
import { join } from "node:path";
import { BackfillWorker } from "@/ingest/backfill_worker.ts";
import { type InstagramClient, makeInstagramClient } from "@/instagram/client.ts";
import { makeMetrics } from "@/metrics.ts";
import { makeSealer } from "@/seal.ts";
import { startInstagram } from "@/simulator/instagram.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

const accountId = "17841400000000001";
const token = "a-token";
const minuteMs = 60_000;
const contacts = 640;

Deno.test("an instance that takes over keeps to what the account's budget of calls has left, and finds the rest in time (C2)", async () => {
  const clock = ManualClock.jumping(undefined, { upToMs: 5_000 });
  const folder = await Deno.makeTempDir({ prefix: "moca-backfill-" });
  await using instagram = await startInstagram({ clock, accountId, username: "shop", token, appSecret: "secret" });
  const store = await openSqliteStore({ path: join(folder, "moca.db"), clock });
  const sealer = await makeSealer(new Uint8Array(32).fill(7));
  const now = store.now();
  await store.accounts.put({
    id: accountId,
    token: { sealed: await sealer.seal(token, accountId), ending: "oken", savedAt: now },
    state: "active",
    settings: {},
    ver: 0,
    createdAt: now,
    updatedAt: now,
  }, 0);
  clock.advance(minuteMs);
  for (let n = 0; n < contacts; n += 1) {
    await instagram.contactSends(`20000000000${String(n).padStart(5, "0")}`, { kind: "text", text: `hola ${n}` });
  }
  clock.advance(5 * minuteMs);
  const clients: InstagramClient[] = [];
  const makeWorker = (): BackfillWorker => {
    const readPace = { limit: 1_000, intervalMs: 1 };
    const client = makeInstagramClient({ graph: { url: instagram.url, version: "v25.0" }, clock, readPace });
    clients.push(client);
    const hooks = { onPending: (): void => {}, onSettled: (): void => {} };
    return new BackfillWorker({ store, instagram: client, sealer, clock, metrics: makeMetrics(), ...hooks });
  };
  const [one, other] = [makeWorker(), makeWorker()];
  const pass = async (minutes: number, worker: BackfillWorker): Promise<number> => {
    for (let second = 0; second < minutes * 60; second += 2) {
      clock.advance(2_000);
      await worker.drain();
    }
    return instagram.log.length;
  };
  await pass(10, one);
  const calls = await pass(25, other);
  assert.ok(calls > 250 && calls <= 300 + 35 * 5, `${calls} calls`);
  await pass(150, one);
  assert.equal((await store.conversations.counts({ accountId })).all, contacts);
  for (const client of clients) client[Symbol.dispose]();
  await store[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});
