/** One running Moca of a simulation: real workers over a store that is slow at times and dies at a chosen call. */
import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import { TurnWorker } from "@/debounce/turn_worker.ts";
import { makeIngestWorker } from "@/ingest/ingest_worker.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import type { Metrics } from "@/metrics.ts";
import { makeOutboundWorker } from "@/outbound/outbound_worker.ts";
import { runChain } from "@/rules/chain.ts";
import type { Rule } from "@/rules/contract.ts";
import type { Random } from "@/simulator/random.ts";
import type { Store } from "@/store/store.ts";

/** What an instance runs in. */
export interface InstanceOptions {
  readonly owner: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly agent: (clock: Clock) => Agent;
  readonly instagram: InstagramClient;
  readonly rules: readonly Rule[];
  /** Calls of the store until it dies; Infinity: never. */
  readonly crashAfter: number;
  readonly onCrash: () => void;
}

/** The life of an instance: once it is over, nothing that it waits for ever comes back to it. */
export class Life {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onCrash: () => void;
  #left: number;
  #dead = false;
  /** Whether calls of the store are slow at times. */
  slow = true;

  constructor(
    { clock, random, crashAfter, onCrash }: Pick<InstanceOptions, "clock" | "random" | "crashAfter" | "onCrash">,
  ) {
    [this.#clock, this.#random, this.#left, this.#onCrash] = [clock, random, crashAfter, onCrash];
  }

  spare(): void {
    this.#left = Infinity;
    this.slow = false;
  }

  /** A call of the store: it may come late, and the process may die before it or right after it. */
  async call<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#dawdle();
    if (this.#dead) return await never();
    this.#left -= 1;
    const dies = this.#left <= 0;
    if (dies && this.#random() < 0.5) return await this.#die();
    const result = await work();
    if (dies) return await this.#die();
    await this.#dawdle();
    return this.#dead ? await never() : result;
  }

  /** Something outside of the process. */
  async outside<Result>(work: Promise<Result>): Promise<Result> {
    const result = await work;
    return this.#dead ? await never() : result;
  }

  async #dawdle(): Promise<void> {
    if (!this.slow) return;
    const ticket = this.#random();
    if (ticket < 0.001) await this.#clock.wait(1_000 + this.#random() * 19_000);
    else if (ticket < 0.12) await this.#clock.wait(this.#random() * 40);
  }

  #die(): Promise<never> {
    if (!this.#dead) this.#onCrash();
    this.#dead = true;
    return never();
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}

const parts: ReadonlySet<string | symbol> = new Set(
  ["accounts", "envelopes", "conversations", "messages", "turns", "outbound", "limits", "commands", "audit"],
);

/** The store as one instance sees it. */
export function mortalStore(store: Store, life: Life): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (parts.has(name)) return mortalPart(value as object, life);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function mortalPart(part: object, life: Life): unknown {
  return new Proxy(part, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (...args: unknown[]) => life.call(() => value.apply(target, args)) : value;
    },
  });
}

/** Starts the three workers, which run until the signal aborts or the life is over. */
export function startInstance(options: InstanceOptions, signal: AbortSignal): { readonly life: Life; wake(): void } {
  const life = new Life(options);
  const clock: Clock = {
    now: () => options.clock.now(),
    wait: (ms, ended) => life.outside(options.clock.wait(ms, ended)),
  };
  const { owner, metrics, random, instagram } = options;
  const store = mortalStore(options.store, life);
  const shared = { store, clock, metrics, owner };
  const outbound = makeOutboundWorker({
    ...shared,
    random,
    instagram: {
      ...instagram,
      sendText: (text) => life.outside(instagram.sendText(text)),
      readThread: (query) => life.outside(instagram.readThread(query)),
    },
    sealer: { seal: (text) => Promise.resolve(text), open: (text) => Promise.resolve(text) },
  });
  const turns = new TurnWorker({
    ...shared,
    agent: options.agent(clock),
    rules: { run: (turn) => runChain({ version: "1", rules: options.rules }, turn, clock) },
    retryDelayMs: (n) => 5_000 * 2 ** (n - 1),
    onQueued: () => outbound.wake(),
  });
  const ingest = makeIngestWorker({
    ...shared,
    onPending: (id) => {
      turns.interrupt(id);
      turns.wake();
    },
    onSettled: () => outbound.wake(),
  });
  for (const worker of [ingest, turns, outbound]) void worker.run(signal);
  return { life, wake: () => ingest.wake() };
}
