import type { Clock } from "@/clock.ts";
import { type Aggregate, startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { learnProfile, type Profile } from "@/conversation/profile.ts";
import { isCalm } from "@/instagram/account_pace.ts";
import type { InstagramClient, ProfileAnswer } from "@/instagram/client.ts";
import { ProfileQueue } from "@/instagram/profile_queue.ts";
import { getLogger } from "@/log.ts";
import type { Sealer } from "@/seal.ts";
import type { Account, ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

/** Distance of two profile calls of one account; they share `<account>:read` with the reading of threads. */
const intervalMs = 1_000;

/** Contacts kept in memory; the others are found in the store when these are done. */
const capacity = 10_000;

/** How often the store is looked through for contacts without a profile, and how many are read at a time. */
const sweepEveryMs = 3_600_000;
const pageSize = 200;

/** Names give way to messages: with half of Instagram's limits used, nobody is asked for so long. */
const yieldMs = 5 * 60_000;

/** The account's pause after a failure: twice as long after each further one in a row. */
const firstPauseMs = 15_000;
const longestPauseMs = 3_600_000;

export interface ProfileWorkerOptions {
  readonly store: Store;
  readonly instagram: Pick<InstagramClient, "profile">;
  readonly sealer: Pick<Sealer, "open">;
  readonly clock: Clock;
}

/** Whom to ask for and as whom. */
interface Question {
  readonly id: ConversationId;
  readonly psid: string;
  readonly accountId: string;
  readonly token: string;
}

/**
 * Asks Instagram who a contact is, off the way of any message: an answer never waits for a name. A failure is
 * tried again after growing pauses; "will not tell" is an answer and is not asked again.
 */
export class ProfileWorker extends Worker {
  readonly #options: ProfileWorkerOptions;
  readonly #queue: ProfileQueue;
  #sweepAt: Date;
  /** Contacts whose name Instagram would not tell, since that was last logged. */
  #untold = 0;
  /** Where the sweep under way goes on. */
  #rest: { accountId: string; after?: ConversationId }[] = [];

  constructor(options: ProfileWorkerOptions) {
    const queue = new ProfileQueue(capacity);
    super({
      name: "profiles",
      clock: options.clock,
      step: () => this.#step(),
      nextAt: () => Promise.resolve(queue.nextAt()),
    });
    this.#options = options;
    this.#queue = queue;
    this.#sweepAt = options.clock.now();
  }

  /** Says that the contact wrote; harmless when their profile is known. */
  want(id: ConversationId): void {
    if (this.#queue.add(id)) this.wake();
  }

  async #step(): Promise<number> {
    const id = this.#queue.next(this.#options.clock.now());
    if (id === undefined) return await this.#sweep();
    await this.#ask(id);
    return 1;
  }

  /** Queues what the store has and nobody has spoken of: from before a restart, or from an account's pause. */
  async #sweep(): Promise<number> {
    const { store, clock } = this.#options;
    if (this.#rest.length === 0 && clock.now() >= this.#sweepAt) {
      this.#sweepAt = addMs(clock.now(), sweepEveryMs);
      this.#tellUntold();
      this.#rest = (await store.accounts.list()).filter(mayAsk).map(({ id }) => ({ accountId: id }));
    }
    const next = this.#rest.shift();
    if (next === undefined) return 0;
    const ids = await store.conversations.withUnknownProfile({ ...next, limit: pageSize });
    for (const id of ids) this.#queue.add(id);
    if (ids.length === pageSize) this.#rest.unshift({ ...next, after: ids.at(-1) });
    return 1;
  }

  /** One line an hour, however many. */
  #tellUntold(): void {
    const count = this.#untold;
    if (count > 0) getLogger("profiles").info("Instagram would not tell the names of {count} contacts", { count });
    this.#untold = 0;
  }

  async #ask(id: ConversationId): Promise<void> {
    const aggregate = await this.#options.store.conversations.load(id);
    if (aggregate === undefined || aggregate.contact.profile !== "unknown") return this.#queue.settle(id);
    const question = await this.#questionOf(aggregate);
    if (question === undefined) return this.#queue.drop(id);
    const pausedUntil = await this.#pausedUntil(question.accountId);
    if (pausedUntil !== undefined) return this.#queue.putOff(id, pausedUntil);
    await this.#waitForSlot(question.accountId);
    await this.#note(question, await this.#options.instagram.profile(question));
  }

  /** Undefined when nobody may be asked. Instagram tells of those only who have written to the business. */
  async #questionOf({ conversation, contact }: Aggregate): Promise<Question | undefined> {
    const { store, sealer } = this.#options;
    const account = await store.accounts.get(contact.accountId);
    if (account?.token === undefined || !mayAsk(account) || conversation.lastUserAt === undefined) return undefined;
    const token = await sealer.open(account.token.sealed, account.id).catch(() => undefined);
    return token === undefined ? undefined : { id: contact.id, psid: contact.psid, accountId: account.id, token };
  }

  async #pausedUntil(accountId: string): Promise<Date | undefined> {
    const { store } = this.#options;
    const now = store.now();
    const until = (await store.limits.get(pauseKey(accountId)))?.pausedUntil;
    if (until !== undefined && until > now) return until;
    return isCalm(await store.limits.get(accountId), now) ? undefined : addMs(now, yieldMs);
  }

  async #waitForSlot(accountId: string): Promise<void> {
    const { store, clock } = this.#options;
    const slot = await store.limits.reserve(`${accountId}:read`, intervalMs);
    const waitMs = slot.getTime() - store.now().getTime();
    if (waitMs > 0) await clock.wait(waitMs);
  }

  async #note({ id, accountId }: Question, answer: ProfileAnswer): Promise<void> {
    const { store, clock } = this.#options;
    const key = pauseKey(accountId);
    const strikes = (await store.limits.get(key))?.strikes ?? 0;
    if (answer.kind === "failed") {
      const { message: reason } = answer.error;
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(strikes, 20));
      const until = addMs(store.now(), Math.max(pauseMs, answer.retryAfterMs ?? 0));
      getLogger("profiles").debug("a profile could not be asked for: {reason}", { reason });
      this.#queue.failed(id, clock.now());
      return await store.limits.pause(key, { until, strikes: strikes + 1, reason });
    }
    if (strikes > 0) await store.limits.clear(key);
    if (answer.kind === "unavailable") this.#untold += 1;
    await this.#learn(id, answer);
    this.#queue.settle(id);
  }

  /** Anew after each lost race: whatever else happened to the conversation, the profile is the same. */
  async #learn(id: ConversationId, profile: Profile): Promise<void> {
    const { store } = this.#options;
    for (;;) {
      const aggregate = await store.conversations.load(id);
      if (aggregate?.contact.profile !== "unknown") return;
      const change = learnProfile(startChange(aggregate), profile, store.now());
      if (await store.conversations.commit(change) === "committed") return;
    }
  }
}

function mayAsk({ state, token }: Account): boolean {
  return state === "active" && token !== undefined;
}

/** Its own, so that a refused profile never holds up the reading of a thread. */
function pauseKey(accountId: string): string {
  return `${accountId}:profile`;
}
