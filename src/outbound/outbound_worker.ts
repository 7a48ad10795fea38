import { addMs } from "@/conversation/due_time.ts";
import type { Clock } from "@/clock.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import { getLogger } from "@/log.ts";
import type { Metrics } from "@/metrics.ts";
import { look } from "@/outbound/look.ts";
import type { Claim, OutboundDeps } from "@/outbound/outbound_deps.ts";
import { Sender } from "@/outbound/sender.ts";
import { Settler } from "@/outbound/settler.ts";
import { resolveTimings, type Timings, trustOf } from "@/outbound/timings.ts";
import type { Sealer } from "@/seal.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

export interface OutboundWorkerOptions {
  readonly store: Store;
  readonly instagram: InstagramClient;
  readonly sealer: Pick<Sealer, "open">;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Unique to the running instance. */
  readonly owner: string;
  /** What differs from the defaults. */
  readonly timings?: Partial<Timings>;
  /** From 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Called after each text that was sent and recorded. */
  readonly onSent?: () => void;
}

/** Conversations that one instance works on at the same time. */
const maxAtWork = 16;

/** Sends what is queued: in order, once, at the account's pace. Throws `RangeError` on timings that cannot be. */
export function makeOutboundWorker(options: OutboundWorkerOptions): OutboundWorker {
  const stop = new AbortController();
  const dispatcher = new Dispatcher(options.owner, {
    ...options,
    timings: resolveTimings(options.timings),
    random: options.random ?? Math.random,
    onSent: options.onSent ?? ((): void => {}),
    stopping: stop.signal,
  }, () => worker.wake());
  const worker = new OutboundWorker(dispatcher, { clock: options.clock, stop });
  return worker;
}

/** A worker whose steps only begin the sends; `settled` says when they have ended. */
export class OutboundWorker extends Worker {
  readonly #dispatcher: Dispatcher;
  readonly #stop: AbortController;

  constructor(dispatcher: Dispatcher, { clock, stop }: { readonly clock: Clock; readonly stop: AbortController }) {
    super({
      name: "outbound",
      clock,
      step: () => dispatcher.step(),
      nextAt: () => dispatcher.nextAt(),
      now: () => dispatcher.now(),
    });
    this.#dispatcher = dispatcher;
    this.#stop = stop;
  }

  /** Resolves when every send that was begun has ended and is recorded. */
  settled(): Promise<void> {
    return this.#dispatcher.settled();
  }

  /** Sends everything that is due and records it; answers how many conversations were worked on. */
  override async drain(): Promise<number> {
    let total = 0;
    for (let done = 1; done > 0; total += done) {
      done = await super.drain();
      await this.settled();
    }
    return total;
  }

  /** Works until the signal aborts; resolves when what is on its way has ended. It does not run a second time. */
  override async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#stop.abort();
    signal.addEventListener("abort", stop);
    await super.run(signal);
    await this.settled();
    signal.removeEventListener("abort", stop);
  }
}

/** Claims conversations and works on several at a time. */
class Dispatcher {
  readonly #owner: string;
  readonly #deps: OutboundDeps;
  readonly #onRoom: () => void;
  readonly #sender: Sender;
  readonly #settler: Settler;
  readonly #atWork = new Set<Promise<void>>();
  /** Claimed, and not yet known for what. */
  #fresh = 0;

  constructor(owner: string, deps: OutboundDeps, onRoom: () => void) {
    this.#owner = owner;
    this.#deps = deps;
    this.#onRoom = onRoom;
    this.#sender = new Sender(deps);
    this.#settler = new Settler(deps);
  }

  async step(): Promise<number> {
    const { store, timings } = this.#deps;
    const limit = await this.#room();
    if (limit === 0) return 0;
    const trustedUntil = addMs(store.now(), trustOf(timings.leaseMs));
    const ids = await store.conversations.claimSends({ owner: this.#owner, leaseMs: timings.leaseMs, limit });
    for (const id of ids) this.#begin({ id, trustedUntil });
    return ids.length;
  }

  /** Unknown while there is no room: what ends makes room, and says so. */
  async nextAt(): Promise<Date | undefined> {
    return await this.#room() === 0 ? undefined : await this.#deps.store.conversations.nextDueAt("send");
  }

  now(): Date {
    return this.#deps.store.now();
  }

  async settled(): Promise<void> {
    while (this.#atWork.size > 0) await Promise.all(this.#atWork);
  }

  /** How many conversations can be claimed that need not wait long for a slot. */
  async #room(): Promise<number> {
    const free = maxAtWork - this.#atWork.size;
    if (free <= 0 || this.#sender.waiting + this.#fresh === 0) return Math.max(0, free);
    const accounts = await this.#deps.store.accounts.list();
    const rooms = accounts.map(({ id }) => Math.max(0, this.#sender.roomOf(id) ?? maxAtWork));
    const room = rooms.reduce((sum, some) => sum + some, 0) - this.#fresh;
    return Math.max(0, Math.min(maxAtWork - this.#atWork.size, room));
  }

  #begin(claim: Claim): void {
    const work = this.#workOn(claim).finally(() => {
      this.#atWork.delete(work);
      this.#onRoom();
    });
    this.#atWork.add(work);
  }

  /** Does one thing for the conversation and gives it back. After an error the lease runs out by itself: a pause. */
  async #workOn(claim: Claim): Promise<void> {
    try {
      await this.#doNextStep(claim);
      await this.#deps.store.conversations.releaseSend(claim.id, this.#owner);
    } catch (error) {
      getLogger("outbound").error("cannot work on a conversation's queue: {error}", { error });
    }
  }

  async #doNextStep(claim: Claim): Promise<void> {
    const known = this.#markFresh();
    try {
      const step = await look(claim.id, this.#deps);
      if (step.kind === "send") return await this.#sender.send(claim, step, known);
      known();
      if (step.kind === "settle") await this.#settler.settle(step);
      if (step.kind === "write") await this.#deps.store.conversations.commit(step.change);
    } finally {
      known();
    }
  }

  /** Counts a conversation as not yet known, until the answered function is called first. */
  #markFresh(): () => void {
    let isFresh = true;
    this.#fresh += 1;
    return () => {
      if (isFresh) this.#fresh -= 1;
      isFresh = false;
    };
  }
}
