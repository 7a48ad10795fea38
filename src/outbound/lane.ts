import { isFresh, type Pace } from "@/outbound/pace.ts";
import type { LimitStore } from "@/store/store.ts";

/**
 * The queue, within this process, before the slots of one limit key. Who enters gets its turn in order; the one
 * whose turn it is takes a slot, and a slot that it could not use is there for the next.
 */
export class Lane {
  readonly #key: string;
  readonly #limits: LimitStore;
  #last: Promise<unknown> = Promise.resolve();
  #kept?: Date;
  /** When the last slot that was used was used. */
  usedAt?: Date;
  #waiting = 0;

  constructor(key: string, limits: LimitStore) {
    this.#key = key;
    this.#limits = limits;
  }

  /** How many have entered and not had their turn yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Does the work when everything that entered before is done. */
  async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The next slot, which may be in the future: one that was kept, if it still serves, or a new one. */
  async takeSlot(pace: Pace, now: Date): Promise<Date> {
    const kept = this.#kept;
    this.#kept = undefined;
    const serves = kept !== undefined && (kept > now || isFresh(kept, pace, now));
    return serves ? kept : await this.#limits.reserve(this.#key, pace.intervalMs);
  }

  /** Leaves an unused slot to whoever comes next. */
  keepSlot(slot: Date): void {
    this.#kept = slot;
  }
}

/** How many may wait in a lane so that none waits longer than `waitMs`; one at least. */
export function laneCapacity(intervalMs: number, waitMs: number): number {
  return Math.max(1, Math.floor(waitMs / intervalMs));
}
