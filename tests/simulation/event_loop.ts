import { setImmediate } from "node:timers";
import type { Clock } from "@/clock.ts";

interface Waiter {
  readonly at: number;
  readonly done: () => void;
}

/**
 * One loop for everything that is simulated. Time is a number that moves on to the next waiter, one waiter at a time,
 * and only when nothing can run. Work that really leaves the thread (a database's answer) is done one piece
 * after the other while everything else stands still. So what happens, and in which order, depends on the seed alone.
 */
export class EventLoop implements Clock {
  #now: number;
  #waiters: Waiter[] = [];
  #away: (() => Promise<void>)[] = [];
  #underWay = 0;

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      });
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  /** Calls `done` in `ms` milliseconds, unless the answered function is called before. */
  after(ms: number, done: () => void): () => void {
    const waiter = { at: this.#now + Math.max(0, Math.ceil(ms)), done };
    const index = this.#waiters.findLastIndex(({ at }) => at <= waiter.at);
    this.#waiters.splice(index + 1, 0, waiter);
    return () => {
      const place = this.#waiters.indexOf(waiter);
      if (place >= 0) this.#waiters.splice(place, 1);
    };
  }

  /** Does what really leaves the thread: later, alone, while nothing else runs. */
  away<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#away.push(() => work().then(resolve, reject));
    });
  }

  /** Time stands still until this has ended: it needs some turns of the real loop, as a group commit does. */
  async standing<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    try {
      return await work;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Lets `ms` milliseconds pass, waking one waiter after the other. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#quiet();
    for (let next = this.#waiters[0]; next !== undefined && next.at <= end; next = this.#waiters[0]) {
      this.#waiters.shift();
      this.#now = next.at;
      next.done();
      await this.#quiet();
    }
    this.#now = end;
  }

  /** Turns the loop until the work has ended; answers its result. */
  async until<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    done.catch(() => undefined);
    for (await this.#quiet(); !isDone; await this.#quiet()) {
      const next = this.#waiters.shift();
      if (next === undefined) throw new Error("Cannot go on: the work waits for something that never happens");
      this.#now = next.at;
      next.done();
    }
    return await done;
  }

  /** Resolves when nothing can run: after a turn of the real loop every promise that could go on has done so. */
  async #quiet(): Promise<void> {
    for (;;) {
      await turn();
      if (this.#away.length > 0) await this.#away.shift()?.();
      else if (this.#underWay === 0) return;
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
