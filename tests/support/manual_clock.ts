import type { Clock } from "@/clock.ts";

interface Waiter {
  readonly at: number;
  readonly done: () => void;
}

/**
 * A clock that moves only when told. `jumping()` makes one on which waits of up to `upToMs` move time on by
 * themselves: the pauses of a pace pass, while time limits, which are longer, stand.
 */
export class ManualClock implements Clock {
  #now: number;
  #waiters: Waiter[] = [];

  constructor(start: Date = new Date("2026-11-24T12:00:00Z")) {
    this.#now = start.getTime();
  }

  static jumping(start?: Date, { upToMs = Infinity } = {}): ManualClock {
    const clock = new ManualClock(start);
    const stand = clock.wait.bind(clock);
    clock.wait = (ms, signal) => {
      if (ms > upToMs || signal?.aborted) return stand(ms, signal);
      return Promise.resolve(clock.advance(ms));
    };
    return clock;
  }

  now(): Date {
    return new Date(this.#now);
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { at: this.#now + ms, done: resolve };
      this.#waiters.push(waiter);
      signal?.addEventListener("abort", () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve();
      }, { once: true });
    });
  }

  /** Moves time on and wakes whoever waited for an instant that is now past, earliest first. */
  advance(ms: number): void {
    this.#now += ms;
    const due = this.#waiters.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#waiters = this.#waiters.filter(({ at }) => at > this.#now);
    for (const { done } of due) done();
  }
}
