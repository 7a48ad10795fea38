import type { Clock } from "@/clock.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import type { Metrics } from "@/metrics.ts";
import type { Timings } from "@/outbound/timings.ts";
import type { Sealer } from "@/seal.ts";
import type { Store } from "@/store/store.ts";

/** What the parts of the outbound worker share. */
export interface OutboundDeps {
  readonly store: Store;
  readonly instagram: InstagramClient;
  readonly sealer: Pick<Sealer, "open">;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly timings: Timings;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Called after each text that was sent and recorded. */
  readonly onSent: () => void;
  /** Aborts when nothing new may be begun. */
  readonly stopping: AbortSignal;
}

/** A conversation that this worker holds. */
export interface Claim {
  readonly id: string;
  /** Until when the lease is surely this worker's. */
  readonly trustedUntil: Date;
}

/** Resolves at `at` by the store's time, never before it; sooner only when the worker stops. */
export async function waitUntil(at: Date, { clock, store, stopping }: OutboundDeps): Promise<void> {
  for (let left = at.getTime() - store.now().getTime(); left > 0; left = at.getTime() - store.now().getTime()) {
    if (stopping.aborted) return;
    await clock.wait(left, stopping);
  }
}
