import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { FeedEntry } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** How soon what another instance did is seen, in milliseconds. */
const pollMs = 500;

const pageSize = 200;

export interface LiveFeedDeps {
  readonly store: Pick<Store, "feed">;
  readonly clock: Clock;
}

export interface WatchOptions {
  /** The last entry that was seen. */
  readonly after: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** The longest wait, give or take half a second. */
  readonly withinMs: number;
}

interface Watcher {
  readonly after: number;
  readonly until: Date;
  readonly done: () => void;
}

/**
 * Follows the store's feed for everybody in this process who watches: one look each half second for all of them, and
 * none while nobody watches. What this process did itself is seen at once when it is poked.
 */
export class LiveFeed {
  readonly #store: LiveFeedDeps["store"];
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  #poked = new AbortController();
  #isLooking = false;

  constructor({ store, clock }: LiveFeedDeps) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Looks at once: there may be something new. */
  poke(): void {
    const waiting = this.#poked;
    this.#poked = new AbortController();
    waiting.abort();
  }

  /** The newest entry's number: where who watches begins. */
  newest(): Promise<number> {
    return this.#store.feed.newest();
  }

  /**
   * The entries after one, a page at most, as soon as there are some; empty when the time is over or the signal
   * aborts, and after a pause when the store does not answer.
   */
  async next({ after, signal, withinMs }: WatchOptions): Promise<readonly FeedEntry[]> {
    await this.#somethingAfter(after, { signal, until: addMs(this.#clock.now(), withinMs) });
    if (signal.aborted) return [];
    try {
      return await this.#store.feed.after(after, pageSize);
    } catch {
      await this.#clock.wait(pollMs, signal);
      return [];
    }
  }

  #somethingAfter(after: number, { signal, until }: { signal: AbortSignal; until: Date }): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        signal.removeEventListener("abort", done);
        this.#watchers.delete(watcher);
        if (this.#watchers.size === 0) this.poke();
        resolve();
      };
      const watcher: Watcher = { after, until, done };
      signal.addEventListener("abort", done);
      this.#watchers.add(watcher);
      if (this.#isLooking) this.poke();
      else void this.#look();
    });
  }

  /** While there is somebody who watches. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#watchers.size > 0) {
      const poked = this.#poked.signal;
      const newest = await this.#store.feed.newest().catch(() => 0);
      for (const watcher of this.#watchers) {
        if (newest > watcher.after || this.#clock.now() >= watcher.until) watcher.done();
      }
      if (this.#watchers.size > 0) await this.#clock.wait(pollMs, poked);
    }
    this.#isLooking = false;
  }
}
