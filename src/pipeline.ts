import type { Hono } from "hono";
import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { TurnWorker } from "@/debounce/turn_worker.ts";
import { makeIngestWorker } from "@/ingest/ingest_worker.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import type { Metrics } from "@/metrics.ts";
import { makeOutboundWorker, type OutboundWorker } from "@/outbound/outbound_worker.ts";
import type { Timings } from "@/outbound/timings.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import type { Sealer } from "@/seal.ts";
import type { ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { webhookRoutes } from "@/webhook/webhook.ts";
import type { Worker } from "@/worker.ts";

/** What the stages work with. */
export interface PipelineOptions {
  readonly config: Pick<Config, "appSecrets" | "verifyToken">;
  readonly store: Store;
  readonly rules: Pick<RuleBook, "run">;
  readonly agent: Agent;
  readonly instagram: InstagramClient;
  readonly sealer: Pick<Sealer, "open">;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Unique to the running instance. */
  readonly owner: string;
  /** Durations of sending and settling that differ from the defaults. */
  readonly timings?: Partial<Timings>;
  /** The contact wrote something that is to be decided on. */
  readonly onPending?: (id: ConversationId) => void;
  /** Something changed that people look at. */
  readonly onChange?: () => void;
  /** Meta shook hands with the webhook. */
  readonly onVerified?: () => void;
}

/** The stages that a message travels through, in that order, each with the next one's bell in its hand. */
export interface Pipeline {
  readonly webhook: Hono;
  readonly ingest: Worker;
  readonly turns: TurnWorker;
  readonly outbound: OutboundWorker;
  /** What is told of a message that was found otherwise than by the webhook. */
  readonly taken: { readonly onPending: (id: ConversationId) => void; readonly onSettled: () => void };
}

/**
 * Joins webhook, ingest, debounce with rules and agent, and outbound. What is live runs through it, and so do the
 * simulator's saved cases, each with a store, a clock and an Instagram of its own.
 */
export function buildPipeline(options: PipelineOptions): Pipeline {
  const { store, rules, agent, instagram, sealer, clock, metrics, owner, timings } = options;
  const { onPending = (): void => {}, onChange = (): void => {}, onVerified } = options;
  const outbound = makeOutboundWorker({
    store,
    instagram,
    sealer,
    clock,
    metrics,
    owner,
    timings,
    onSent: onChange,
  });
  const turns = new TurnWorker({
    store,
    rules,
    agent,
    clock,
    metrics,
    owner,
    retryDelayMs: (n) => Math.min(60_000, 5_000 * 2 ** (n - 1)),
    onQueued: () => {
      outbound.wake();
      onChange();
    },
  });
  const taken = {
    onPending: (id: ConversationId): void => {
      turns.interrupt(id);
      turns.wake();
      onPending(id);
      onChange();
    },
    onSettled: (): void => outbound.wake(),
  };
  const ingest = makeIngestWorker({ store, clock, metrics, owner, ...taken });
  const webhook = webhookRoutes({
    config: options.config,
    store,
    metrics,
    clock,
    onStored: () => ingest.wake(),
    onVerified,
  });
  return { webhook, ingest, turns, outbound, taken };
}
