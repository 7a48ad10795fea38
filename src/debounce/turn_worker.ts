import type { Clock } from "@/clock.ts";
import { takeTurn, type TurnDeps, type TurnResult } from "@/debounce/take_turn.ts";
import { getLogger } from "@/log.ts";
import type { Metrics } from "@/metrics.ts";
import type { ConversationId } from "@/store/records.ts";
import { Worker } from "@/worker.ts";

export interface TurnWorkerOptions extends TurnDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Unique to the running instance. */
  readonly owner: string;
  /** Called when an answer was queued. */
  readonly onQueued: () => void;
  /** Turns decided at the same time. Default 16. */
  readonly concurrency?: number;
  /** Default 30,000 ms. */
  readonly leaseMs?: number;
}

interface RunningTurn {
  readonly abort: AbortController;
  done: Promise<void>;
  interruptible: boolean;
}

/** Takes the turns that are due, several at a time, each under a lease that is kept alive while the model thinks. */
export class TurnWorker extends Worker {
  readonly #options: TurnWorkerOptions;
  readonly #running = new Map<ConversationId, RunningTurn>();

  constructor(options: TurnWorkerOptions) {
    super({
      name: "turns",
      clock: options.clock,
      step: () => this.#claimAndStart(),
      nextAt: () => options.store.conversations.nextDueAt("turn"),
      now: () => options.store.now(),
    });
    this.#options = options;
  }

  /** Ends the thinking about a conversation whose contact has written on: its draft would be thrown away. */
  interrupt(id: ConversationId): void {
    const turn = this.#running.get(id);
    if (turn?.interruptible) turn.abort.abort();
  }

  /** Also waits for the turns that it began. */
  override async drain(): Promise<number> {
    let total = 0;
    for (;;) {
      const done = await super.drain();
      await this.settled();
      if (done === 0) return total;
      total += done;
    }
  }

  /** Resolves when no turn is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Aborts what is under way and waits for it: for an orderly end. */
  async stop(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    await this.settled();
  }

  async #claimAndStart(): Promise<number> {
    const { store, owner, leaseMs = 30_000, concurrency = 16 } = this.#options;
    if (this.#running.size >= concurrency) await Promise.race([...this.#running.values()].map(({ done }) => done));
    const limit = concurrency - this.#running.size;
    const ids = await store.conversations.claimTurns({ owner, leaseMs, limit });
    for (const id of ids) this.#start(id);
    return ids.length;
  }

  #start(id: ConversationId): void {
    const turn: RunningTurn = { abort: new AbortController(), done: Promise.resolve(), interruptible: false };
    this.#running.set(id, turn);
    turn.done = this.#take(id, turn).finally(() => {
      this.#running.delete(id);
      this.wake();
    });
  }

  async #take(id: ConversationId, turn: RunningTurn): Promise<void> {
    const { store, owner, metrics } = this.#options;
    const ended = new AbortController();
    const beat = this.#keepLease(id, turn.abort, ended.signal);
    const onInterruptible = (): void => void (turn.interruptible = true);
    const timer = metrics.decisionSeconds.startTimer();
    try {
      this.#count(await takeTurn(id, this.#options, { signal: turn.abort.signal, onInterruptible }));
    } catch (error) {
      getLogger("turns").error("turn of {conversation} failed, to be tried again: {error}", {
        conversation: id,
        error,
      });
      return;
    } finally {
      timer();
      ended.abort();
      await beat;
    }
    await store.conversations.releaseTurn(id, owner).catch(() => undefined);
  }

  #count(result: TurnResult): void {
    const { metrics, onQueued } = this.#options;
    if (result.kind !== "committed") return metrics.turns.inc({ outcome: result.kind, by: "core" });
    metrics.turns.inc({ outcome: result.outcome, by: result.by });
    if (result.queued > 0) onQueued();
  }

  /** Extends the lease while the turn is under way; a lost lease ends the turn. */
  async #keepLease(id: ConversationId, abort: AbortController, ended: AbortSignal): Promise<void> {
    const { store, owner, clock, leaseMs = 30_000 } = this.#options;
    for (;;) {
      await clock.wait(leaseMs / 3, ended);
      if (ended.aborted) return;
      const isHeld = await store.conversations.extendTurn(id, { owner, leaseMs }).catch(() => false);
      if (!isHeld) return abort.abort();
    }
  }
}
