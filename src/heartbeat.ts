import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { Metrics } from "@/metrics.ts";
import type { Instance } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

const beatMs = 10_000;

/** Three beats may be missed. */
const leaseMs = 35_000;

/** Who is gone is shown so long. */
const keptHours = 24;

export interface HeartbeatOptions {
  readonly store: Pick<Store, "instances" | "now">;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly owner: string;
  /** The machine's name. */
  readonly host: string;
  readonly version: string;
  readonly rules: { state(): { readonly version: string } };
  /** What this instance works on, asked at each beat. */
  readonly workers: () => readonly { readonly name: string; readonly healthy: boolean }[];
}

/** A worker that tells the store every 10 s that this instance is alive, and forgets those that are long gone. */
export class Heartbeat extends Worker {
  readonly #options: HeartbeatOptions;
  readonly #startedAt: Date;
  #dueAt: Date;

  constructor(options: HeartbeatOptions) {
    super({ name: "heartbeat", clock: options.clock, pollMs: beatMs, step: () => this.#beatIfDue() });
    this.#options = options;
    this.#startedAt = options.store.now();
    this.#dueAt = options.clock.now();
  }

  /** For an orderly end: this instance is not gone, it was stopped. */
  async leave(): Promise<void> {
    await this.#options.store.instances.remove(this.#options.owner).catch(() => undefined);
  }

  async #beatIfDue(): Promise<number> {
    const { clock, store, metrics } = this.#options;
    if (clock.now() < this.#dueAt) return 0;
    await store.instances.beat(this.#describe(store.now()));
    await store.instances.removeBefore(addMs(store.now(), -keptHours * 3_600_000));
    countInstances(metrics, await store.instances.list(), store.now());
    this.#dueAt = addMs(clock.now(), beatMs);
    return 1;
  }

  #describe(now: Date): Instance {
    const { owner, host, version, rules, workers } = this.#options;
    return {
      id: owner,
      host,
      version,
      startedAt: this.#startedAt,
      beatAt: now,
      aliveUntil: addMs(now, leaseMs),
      ruleSet: rules.state().version,
      workers: workers().map(({ name, healthy }) => ({ name, healthy })),
    };
  }
}

/** `gone`: it did not say that it ends, and was not heard of for longer than its lease. */
export function instanceState({ aliveUntil }: Instance, now: Date): "alive" | "gone" {
  return aliveUntil > now ? "alive" : "gone";
}

/** Takes the gauge's reading. */
export function countInstances({ instances }: Metrics, all: readonly Instance[], now: Date): void {
  for (const state of ["alive", "gone"] as const) {
    instances.set({ state }, all.filter((instance) => instanceState(instance, now) === state).length);
  }
}
