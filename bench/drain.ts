/** How fast a full queue empties: Moca's outbound worker beside peers that keep their jobs in the same kind of store. */
import { join } from "node:path";
import { systemClock } from "@/clock.ts";
import { makeInstagramClient } from "@/instagram/client.ts";
import { makeMetrics } from "@/metrics.ts";
import { makeOutboundWorker } from "@/outbound/outbound_worker.ts";
import { makeSealer } from "@/seal.ts";
import { openMongoStore } from "@/store/mongodb/mongodb_store.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { type BenchGraph, startGraph } from "./graph.ts";
import { drainWithAgenda } from "./peers/agenda.ts";
import { drainWithPlainjob } from "./peers/plainjob.ts";
import { addAccount, psidOf, queueAnswer } from "./queue.ts";

/** Texts a second. */
export interface DrainFigures {
  readonly moca: number;
  readonly peer: number;
}

/** Pace is an account's own: with so many accounts it allows about a thousand texts a second. */
const accounts = 50;
const fastest = 20;

export async function measureDrainOnSqlite(texts: number): Promise<DrainFigures> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  try {
    const store = await openSqliteStore({ path: join(dir, "moca.db"), clock: systemClock });
    const moca = await drainMoca(store, texts);
    await using graph = startGraph();
    return { moca, peer: await drainWithPlainjob(join(dir, "plainjob.db"), graph.url, psids(texts)) };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** `uriOf` names a database of the server. */
export async function measureDrainOnMongo(texts: number, uriOf: (name: string) => string): Promise<DrainFigures> {
  const moca = await drainMoca(await openMongoStore({ uri: uriOf("moca_bench"), clock: systemClock }), texts);
  await using graph = startGraph();
  return { moca, peer: await drainWithAgenda(uriOf("moca_bench_agenda"), graph.url, psids(texts)) };
}

/** Texts a second that one account really reaches at a setting, by when they came. */
export async function measurePace(sendsPerSecond: number, seconds: number): Promise<number> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  const store = await openSqliteStore({ path: join(dir, "moca.db"), clock: systemClock });
  await using graph = startGraph();
  const texts = sendsPerSecond * seconds;
  await drain(store, graph, { texts, accounts: 1, sendsPerSecond });
  const first = graph.arrivals[0]?.ms ?? NaN;
  const last = graph.arrivals.at(-1)?.ms ?? NaN;
  await Deno.remove(dir, { recursive: true });
  return (texts - 1) / ((last - first) / 1_000);
}

async function drainMoca(store: Store, texts: number): Promise<number> {
  await using graph = startGraph();
  return await drain(store, graph, { texts, accounts, sendsPerSecond: fastest });
}

interface Load {
  readonly texts: number;
  readonly accounts: number;
  readonly sendsPerSecond: number;
}

/** Sends everything through one worker and closes the store; texts a second, records included. */
async function drain(store: Store, graph: BenchGraph, load: Load): Promise<number> {
  const sealer = await makeSealer(new Uint8Array(32).fill(7));
  for (let n = 0; n < load.accounts; n += 1) {
    await addAccount(store, sealer, { id: accountOf(n), sendsPerSecond: load.sendsPerSecond });
  }
  for (const [n, psid] of psids(load.texts).entries()) {
    await queueAnswer(store, { accountId: accountOf(n % load.accounts), psid });
  }
  const instagram = makeInstagramClient({ graph: { url: graph.url, version: "v25.0" }, clock: systemClock });
  const worker = makeOutboundWorker({
    store,
    instagram,
    sealer,
    clock: systemClock,
    metrics: makeMetrics(),
    owner: "bench",
  });
  const stop = new AbortController();
  const startedAt = performance.now();
  const running = worker.run(stop.signal);
  await graph.reached(load.texts);
  stop.abort();
  await running;
  const rate = load.texts / ((performance.now() - startedAt) / 1_000);
  instagram[Symbol.dispose]();
  await store[Symbol.asyncDispose]();
  return rate;
}

function accountOf(n: number): string {
  return `178414000000001${String(n).padStart(2, "0")}`;
}

function psids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => psidOf(index));
}
