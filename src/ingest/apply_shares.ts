import type { InboundEvent } from "@/conversation/event.ts";
import type { Settings } from "@/conversation/settings.ts";
import { type Applied, type ApplyDeps, applyEvents } from "@/ingest/apply_events.ts";
import { getLogger } from "@/log.ts";
import type { Metrics } from "@/metrics.ts";
import type { ConversationId, Envelope } from "@/store/records.ts";

/** Events in one commit: with MongoDB it must fit into one document of 16 MiB. */
const commitSize = 200;

export interface ShareDeps extends ApplyDeps {
  readonly metrics: Metrics;
  readonly onPending: (id: ConversationId) => void;
  readonly onSettled: () => void;
}

/** One event and the envelope that it came in. */
export interface Share {
  readonly envelope: Envelope;
  readonly event: InboundEvent;
}

/** Why an envelope's events are not all in their conversation. `error` is absent when it was only contention. */
export interface Failure {
  readonly kind: "contended" | "error";
  readonly error?: unknown;
}

/**
 * Takes the shares of one conversation in. When together they fail, each envelope's are tried alone, so that
 * one cannot stop the others. Answers, by envelope id, those that failed.
 */
export async function applyShares(
  deps: ShareDeps,
  shares: readonly Share[],
  settings: Settings,
): Promise<ReadonlyMap<string, Failure>> {
  const failure = await takeEvents(deps, shares.map(({ event }) => event), settings);
  if (failure === undefined) return new Map();
  const byEnvelope = Map.groupBy(shares, ({ envelope }) => envelope.id);
  if (failure.kind === "contended") return new Map([...byEnvelope.keys()].map((id) => [id, failure]));
  if (byEnvelope.size === 1) return new Map([...byEnvelope.keys()].map((id) => [id, logged(id, failure)]));
  const failures = new Map<string, Failure>();
  for (const own of byEnvelope.values()) {
    for (const [id, inner] of await applyShares(deps, own, settings)) failures.set(id, inner);
  }
  return failures;
}

/** Takes events of one conversation in, counts them and wakes whoever has something to do; why not, when it failed. */
export async function takeEvents(
  deps: ShareDeps,
  events: readonly InboundEvent[],
  settings: Settings,
): Promise<Failure | undefined> {
  try {
    for (let at = 0; at < events.length; at += commitSize) {
      const part = events.slice(at, at + commitSize);
      const applied = await applyEvents(deps, { events: part, settings });
      if (applied.kind === "contended") return { kind: "contended" };
      tell(deps, part, applied);
    }
    return undefined;
  } catch (error) {
    return { kind: "error", error };
  }
}

/** Counts what was kept, and wakes whoever has something to do now. */
function tell(deps: ShareDeps, events: readonly InboundEvent[], applied: Extract<Applied, { kind: "applied" }>): void {
  const { base, next } = applied.change;
  for (const event of events) {
    const outcome = applied.duplicates.has(event) ? "duplicate" : "kept";
    deps.metrics.events.inc({ kind: event.kind, outcome });
  }
  if (next.debounce !== base.debounce && next.debounce.pending.length > 0) deps.onPending(next.conversation.id);
  if (next.outbound !== base.outbound) deps.onSettled();
}

/** The error's name and the envelope's id only: the message may quote what a contact wrote. */
function logged(envelope: string, failure: Failure): Failure {
  const error = failure.error instanceof Error ? failure.error.name : "unknown";
  getLogger("ingest").error("envelope {envelope} failed and stays for another try: {error}", { envelope, error });
  return failure;
}
