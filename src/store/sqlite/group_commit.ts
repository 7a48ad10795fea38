import { setImmediate } from "node:timers";
import type { Database } from "@/store/sqlite/database.ts";

interface Request<Result> {
  readonly work: () => Result;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** The most requests that share one transaction: it blocks the process while it runs. */
const maxGroup = 200;

/** The longest that a group waits for more, in milliseconds. */
const maxWaitMs = 3;

/**
 * Lets requests that come in together share one transaction, because a transaction's cost is the wait for the
 * disk. A group is open for as long as each turn of the event loop brings more. A request resolves after the
 * commit; when that fails, all of its group reject.
 */
export class GroupCommit<Result> {
  readonly #db: Database;
  #waiting: Request<Result>[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  add(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      if (this.#waiting.length === 1) this.#flushWhenQuiet(1, performance.now() + maxWaitMs);
    });
  }

  #flushWhenQuiet(seen: number, latestAt: number): void {
    setImmediate(() => {
      const { length } = this.#waiting;
      const isGrowing = length > seen && length < maxGroup && performance.now() < latestAt;
      if (isGrowing) this.#flushWhenQuiet(length, latestAt);
      else this.flush();
    });
  }

  /** Commits what waits, now. */
  flush(): void {
    const requests = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < requests.length; start += maxGroup) {
      this.#commit(requests.slice(start, start + maxGroup));
    }
  }

  #commit(group: readonly Request<Result>[]): void {
    try {
      const results = this.#db.inTransaction(() => group.map(({ work }) => work()));
      for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
