import { setImmediate } from "node:timers";
import type { Clock } from "@/clock.ts";

interface Waiter {
  readonly at: number;
  readonly seq: number;
  readonly done: () => void;
}

/** A clock that moves on to the next waiter, one at a time, whenever everything else in the process is quiet. */
export class VirtualClock implements Clock {
  #now: number;
  #seq = 0;
  #waiters: Waiter[] = [];

  constructor(start: Date = new Date("2026-11-24T12:00:00Z")) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { at: this.#now + Math.max(0, ms), seq: this.#seq++, done: () => finish() };
      const leave = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve();
      };
      const finish = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const index = this.#waiters.findLastIndex(({ at }) => at <= waiter.at);
      this.#waiters.splice(index + 1, 0, waiter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  /** Lets `ms` milliseconds pass, waking one waiter after the other. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await quiet();
    for (let next = this.#waiters[0]; next !== undefined && next.at <= end; next = this.#waiters[0]) {
      this.#waiters.shift();
      this.#now = Math.max(this.#now, next.at);
      next.done();
      await quiet();
    }
    this.#now = end;
  }
}

/** Resolves when every promise that can go on has done so: a group commit takes one turn of the event loop more. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
