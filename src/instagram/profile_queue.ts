import type { ConversationId } from "@/store/records.ts";

/** The pause after a contact's first failure, in milliseconds; four times as long after each further one. */
const firstPauseMs = 60_000;
const longestPauseMs = 6 * 3_600_000;

interface Retry {
  readonly failures: number;
  readonly dueAt: Date;
}

/**
 * The contacts whose profile is to be asked for, in memory: what it forgets is found in the store again. Holds
 * at most `capacity` of each sort; one that finds no room is left for later.
 */
export class ProfileQueue {
  readonly #capacity: number;
  readonly #wanted = new Set<ConversationId>();
  readonly #retries = new Map<ConversationId, Retry>();
  readonly #settled = new Set<ConversationId>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Queues the contact, unless it waits already or nothing is left to ask. Answers whether it was queued. */
  add(id: ConversationId): boolean {
    const isPlanned = this.#wanted.has(id) || this.#retries.has(id) || this.#settled.has(id);
    if (isPlanned || this.#wanted.size >= this.#capacity) return false;
    this.#wanted.add(id);
    return true;
  }

  /** The next to ask for; undefined while all wait. A retry counts as waiting until it is settled or put off. */
  next(now: Date): ConversationId | undefined {
    const [id] = this.#wanted;
    if (id === undefined) return [...this.#retries].find(([, { dueAt }]) => dueAt <= now)?.[0];
    this.#wanted.delete(id);
    return id;
  }

  /** When the next retry is due; undefined when none waits. */
  nextAt(): Date | undefined {
    if (this.#retries.size === 0) return undefined;
    return new Date(Math.min(...[...this.#retries.values()].map(({ dueAt }) => dueAt.getTime())));
  }

  /** Asking failed: the contact waits, longer each time. */
  failed(id: ConversationId, now: Date): void {
    const failures = (this.#retries.get(id)?.failures ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 4 ** (failures - 1));
    this.#retry(id, { failures, dueAt: new Date(now.getTime() + pauseMs) });
  }

  /** Nobody can be asked before `until`; that is no failure of the contact's. */
  putOff(id: ConversationId, until: Date): void {
    this.#retry(id, { failures: this.#retries.get(id)?.failures ?? 0, dueAt: until });
  }

  /** There is nothing to ask now: it is passed over until it is found in the store. */
  drop(id: ConversationId): void {
    this.#retries.delete(id);
  }

  /** There is nothing left to ask. */
  settle(id: ConversationId): void {
    this.#retries.delete(id);
    if (this.#settled.size >= this.#capacity) this.#settled.clear();
    this.#settled.add(id);
  }

  #retry(id: ConversationId, retry: Retry): void {
    if (this.#retries.has(id) || this.#retries.size < this.#capacity) this.#retries.set(id, retry);
  }
}
