import type { Clock } from "@/clock.ts";

/** Longer waits are limits that nobody wants to run out: they stand until the case comes to that time. */
const longestJumpMs = 5_000;

interface Waiting {
  readonly until: number;
  readonly done: () => void;
}

/** A clock that stands where the case has come to; a short pause passes by moving it on. */
export class CaseClock implements Clock {
  #now: number;
  #waiting: readonly Waiting[] = [];

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    if (ms <= longestJumpMs) return Promise.resolve(this.moveTo(new Date(this.#now + ms)));
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { until: this.#now + ms, done: resolve };
    this.#waiting = [...this.#waiting, waiting];
    signal?.addEventListener("abort", () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      resolve();
    }, { once: true });
    return promise;
  }

  /** Never backwards. Who waits for an instant that is past then goes on. */
  moveTo(at: Date): void {
    this.#now = Math.max(this.#now, at.getTime());
    const due = this.#waiting.filter(({ until }) => until <= this.#now);
    this.#waiting = this.#waiting.filter(({ until }) => until > this.#now);
    for (const { done } of due) done();
  }
}
