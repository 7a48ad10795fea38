import type { Clock } from "@/clock.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { applyShares, type Failure, type Share } from "@/ingest/apply_shares.ts";
import { maxClaims, type OpenedEnvelope, openEnvelope, readEnvelope } from "@/ingest/open_envelope.ts";
import type { Metrics } from "@/metrics.ts";
import { type ConversationId, conversationId } from "@/store/records.ts";
import { type Store, StoreUnavailableError } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

/** Envelopes claimed at a time, and for how long. */
const batchSize = 32;
const leaseMs = 30_000;

/** Conversations worked on at once. */
const concurrency = 16;

export interface IngestDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Names this instance to the store. */
  readonly owner: string;
  /** A conversation has something new to decide on. */
  readonly onPending: (id: ConversationId) => void;
  /** The outbound queue of a conversation changed: an echo settled an item, or an answer was taken back. */
  readonly onSettled: () => void;
}

/**
 * Takes stored envelopes apart and writes each event into its conversation once (C2, C3). An envelope that
 * fails stays `new` and is tried again when its lease is over, five times in all (C20); the others go on.
 */
export function makeIngestWorker(deps: IngestDeps): Worker {
  return new Worker({ name: "ingest", clock: deps.clock, step: () => ingestBatch(deps) });
}

/** Answers how many envelopes it claimed. Rejects, after the others were finished, when the store failed. */
async function ingestBatch(deps: IngestDeps): Promise<number> {
  const { store, owner } = deps;
  const envelopes = await store.envelopes.claim({ owner, leaseMs, limit: batchSize });
  if (envelopes.length === 0) return 0;
  const accounts = await store.accounts.list();
  const settings = new Map(accounts.map(({ id, settings }) => [id, resolveSettings(settings)]));
  const opened = envelopes.map((envelope) =>
    openEnvelope(envelope, readEnvelope(envelope), (accountId) => settings.has(accountId))
  );
  const failures = new Map<string, Failure>();
  await forEachAtOnce(sharesByConversation(opened), async (shares) => {
    const own = settings.get(shares[0].event.accountId);
    if (own === undefined) return;
    for (const [id, failure] of await applyShares(deps, shares, own)) failures.set(id, failure);
  });
  await finish(deps, opened, failures);
  return envelopes.length;
}

function sharesByConversation(opened: readonly OpenedEnvelope[]): readonly (readonly Share[])[] {
  const shares = opened.flatMap(({ envelope, events }) => events.map((event): Share => ({ envelope, event })));
  const groups = Map.groupBy(shares, ({ event }) => conversationId(event.accountId, event.psid));
  return [...groups.values()];
}

async function forEachAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += concurrency) {
    await Promise.all(items.slice(at, at + concurrency).map(work));
  }
}

async function finish(
  { store, metrics }: IngestDeps,
  opened: readonly OpenedEnvelope[],
  failures: ReadonlyMap<string, Failure>,
): Promise<void> {
  const done = opened.filter(({ envelope }) => !failures.has(envelope.id));
  const given = opened.filter(({ envelope }) => isGivenUp(envelope.attempts, failures.get(envelope.id)));
  await store.envelopes.finish([
    ...done.map(({ envelope, state, note }) => ({ id: envelope.id, state, note })),
    ...given.map(({ envelope }) => ({
      id: envelope.id,
      state: "dead" as const,
      note: noteOn(failures.get(envelope.id)),
    })),
  ]);
  for (const { foreign, skipped } of done) {
    for (const { kind } of foreign) metrics.events.inc({ kind, outcome: "unknownAccount" });
    if (skipped > 0) metrics.events.inc({ kind: "none", outcome: "skipped" }, skipped);
  }
  const outage = [...failures.values()].find(({ error }) => error instanceof StoreUnavailableError);
  if (outage !== undefined) throw outage.error;
}

/** Neither contention nor a store that does not answer is the envelope's fault. */
function isGivenUp(attempts: number, failure: Failure | undefined): boolean {
  const isOwnFault = failure?.kind === "error" && !(failure.error instanceof StoreUnavailableError);
  return isOwnFault && attempts >= maxClaims;
}

/** The error's name only: its message may quote what a contact wrote. */
function noteOn(failure: Failure | undefined): string {
  const name = failure?.error instanceof Error ? failure.error.name : "an unknown error";
  return `failed ${maxClaims} times, at last with ${name}`;
}
