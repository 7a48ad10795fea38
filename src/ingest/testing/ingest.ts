/** An ingest worker over a real store, for tests. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { makeIngestWorker } from "@/ingest/ingest_worker.ts";
import { accountId, bytes } from "@/instagram/parse/testing/envelopes.ts";
import { makeMetrics } from "@/metrics.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { type ConversationStore, type Store, StoreUnavailableError } from "@/store/store.ts";
import type { Worker } from "@/worker.ts";

export interface Ingest extends AsyncDisposable {
  readonly store: Store;
  readonly worker: Worker;
  readonly clock: ManualClock;
  /** Times that the worker said so. */
  readonly calls: { pending: number; settled: number };
  readonly outage: StoreUnavailableError;
  /** A second worker whose conversations answer differently in what is given. */
  workerOver(conversations: Partial<ConversationStore>): Worker;
  /** Events counted with this outcome. */
  counted(outcome: string): Promise<number>;
}

/** Opens an empty store that has the account of the samples. */
export async function openIngest(options: { clock?: ManualClock } = {}): Promise<Ingest> {
  const clock = options.clock ?? new ManualClock(new Date("2026-11-24T12:00:00Z"));
  const folder = await Deno.makeTempDir({ prefix: "moca-ingest-" });
  const store = await openSqliteStore({ path: join(folder, "moca.db"), clock });
  const createdAt = clock.now();
  await store.accounts.put(
    { id: accountId, state: "active", settings: {}, ver: 0, createdAt, updatedAt: createdAt },
    0,
  );
  const metrics = makeMetrics();
  const calls = { pending: 0, settled: 0 };
  const workerOf = (over: Store, owner: string): Worker =>
    makeIngestWorker({
      store: over,
      clock,
      metrics,
      owner,
      onPending: () => calls.pending += 1,
      onSettled: () => calls.settled += 1,
    });
  return {
    store,
    worker: workerOf(store, "one"),
    clock,
    calls,
    outage: new StoreUnavailableError("the disk is full"),
    workerOver: (conversations) => workerOf(withConversations(store, conversations), "two"),
    counted: async (outcome) => {
      const { values } = await metrics.events.get();
      return values.filter(({ labels }) => labels.outcome === outcome).reduce((sum, { value }) => sum + value, 0);
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Puts an envelope into the store, as the webhook does; answers its id. */
export async function accept(store: Store, json: unknown): Promise<string> {
  const body = bytes(json);
  const id = createHash("sha256").update(body).digest("hex");
  await store.envelopes.accept({ id, body, receivedAt: store.now() });
  return id;
}

function withConversations(store: Store, over: Partial<ConversationStore>): Store {
  const conversations = new Proxy(store.conversations, {
    get: (target, name) => pick(over, name) ?? pick(target, name),
  });
  return new Proxy(store, { get: (target, name) => name === "conversations" ? conversations : pick(target, name) });
}

function pick(from: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(from, name, from);
  return typeof value === "function" ? value.bind(from) : value;
}
