/** Two real processes whose database hangs, is gone, or loses its answers, judged by the pretended Instagram's log. */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { MocaCluster } from "@tests/support/moca_cluster.ts";
import type { MocaProcess } from "@tests/support/moca_process.ts";
import { RestartableMongo } from "@tests/support/mongo/restartable.ts";
import { MongoProxy } from "@tests/support/mongo_proxy.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** Real processes outlive what the sanitizers look at. */
const real = { sanitizeOps: false, sanitizeResources: false } as const;

const contacts = Array.from({ length: 60 }, (_, index) => `6000000000000${String(index).padStart(3, "0")}`);

/** Within so much of time Meta is told 200 or 503. */
const answerLimitMs = 6_000;

function startCluster({ uri }: { readonly uri: string }): Promise<MocaCluster> {
  return MocaCluster.start({ size: 2, uri, sendsPerSecond: 20, speed: 2 });
}

await withMongo(({ uri }) => {
  Deno.test({
    name: "a database that hangs for 20 s under load: what got a 200 is answered, the rest a 503 in time (C1, C7)",
    ...real,
    fn: async () => {
      await using proxy = new MongoProxy(uri);
      await using cluster = await startCluster(proxy);
      await outlive(cluster, { begin: () => proxy.hang(), end: () => proxy.restore() });
    },
  });

  Deno.test({
    name:
      "a database whose process is ended for 20 s under load: what got a 200 is answered, the rest a 503 in time (C1, C7)",
    ...real,
    fn: async () => {
      await using database = await RestartableMongo.start();
      await using cluster = await startCluster(database);
      await outlive(cluster, { begin: () => database.stop(), end: () => database.startAgain() });
    },
  });

  Deno.test({
    name: "a database that loses every 25th answer: nothing is lost, nothing is said twice (C1, C7, C9)",
    ...real,
    fn: async () => {
      await using proxy = new MongoProxy(uri);
      await using cluster = await startCluster(proxy);
      const writing = write(cluster, 15_000);
      proxy.cutAnswers(25);
      await writing;
      await systemClock.wait(5_000);
      proxy.restore();
      await cluster.settled({ timeoutMs: 120_000 });
      await cluster.assertKept();
      assert.ok(proxy.cuts > 20, `only ${proxy.cuts} answers were lost`);
    },
  });
});

/** What makes the database unreachable, and what brings it back. */
interface Outage {
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
}

/** An outage of 20 s while contacts write, and everything that was promised for it. */
async function outlive(cluster: MocaCluster, { begin, end }: Outage): Promise<void> {
  const writing = write(cluster, 25_000);
  await systemClock.wait(3_000);
  await begin();
  const during = await watchReadiness(cluster, { forMs: 20_000 });
  await end();
  await writing;
  await cluster.ready({ timeoutMs: 60_000 });
  await cluster.settled({ timeoutMs: 120_000 });
  await cluster.assertKept();
  assert.ok(during.length > 0 && during.every(({ status }) => status === 503), "/readyz says so");
  assertAnsweredInTime([...during, ...cluster.offers]);
  assert.deepEqual([...new Set(cluster.offers.map(({ status }) => status))].toSorted(), [200, 503]);
}

/** Each contact writes one to three texts in a row; contacts begin one after another. */
async function write(cluster: MocaCluster, overMs: number): Promise<void> {
  for (const [index, psid] of contacts.entries()) {
    cluster.writes(psid, 1 + index % 3);
    await systemClock.wait(overMs / contacts.length);
  }
}

interface Answered {
  readonly status?: number;
  readonly tookMs: number;
}

/** Asks both instances again and again whether they are ready. */
async function watchReadiness(
  { instances }: MocaCluster,
  { forMs }: { readonly forMs: number },
): Promise<readonly Answered[]> {
  const seen: Answered[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    seen.push(...await Promise.all(instances.map(askReadiness)));
    await systemClock.wait(100);
  }
  return seen;
}

async function askReadiness({ url }: MocaProcess): Promise<Answered> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/readyz`);
  await response.body?.cancel();
  return { status: response.status, tookMs: performance.now() - startedAt };
}

function assertAnsweredInTime(answers: readonly Answered[]): void {
  const slowest = Math.max(...answers.map(({ tookMs }) => tookMs));
  assert.ok(slowest < answerLimitMs, `the slowest answer took ${Math.round(slowest)} ms`);
}
