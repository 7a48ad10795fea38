import type { Clock } from "@/clock.ts";
import { startChange } from "@/conversation/aggregate.ts";
import { learnProfile, type Profile } from "@/conversation/profile.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import { getLogger } from "@/log.ts";
import type { Sealer } from "@/seal.ts";
import type { ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

/** Distance of two profile calls of one account, in milliseconds. */
const intervalMs = 500;

/** Contacts that may wait to be asked for; one that finds no room is asked for when they write again. */
const maxWaiting = 10_000;

export interface ProfileWorkerOptions {
  readonly store: Store;
  readonly instagram: Pick<InstagramClient, "profile">;
  readonly sealer: Pick<Sealer, "open">;
  readonly clock: Clock;
}

/**
 * Asks Instagram who a contact is, off the way of any message: an answer never waits for a name. Whoever has no
 * profile yet is asked for once after each of their messages, until Instagram tells or says that it will not.
 */
export class ProfileWorker extends Worker {
  readonly #options: ProfileWorkerOptions;
  readonly #wanted = new Set<ConversationId>();

  constructor(options: ProfileWorkerOptions) {
    super({ name: "profiles", clock: options.clock, step: () => this.#askNext() });
    this.#options = options;
  }

  /** Says that the contact wrote; harmless when their profile is known. */
  want(id: ConversationId): void {
    if (this.#wanted.size >= maxWaiting) return;
    this.#wanted.add(id);
    this.wake();
  }

  async #askNext(): Promise<number> {
    const [id] = this.#wanted;
    if (id === undefined) return 0;
    this.#wanted.delete(id);
    await this.#ask(id);
    return 1;
  }

  async #ask(id: ConversationId): Promise<void> {
    const { store, sealer, instagram } = this.#options;
    const aggregate = await store.conversations.load(id);
    if (aggregate?.contact.profile !== "unknown") return;
    const account = await store.accounts.get(aggregate.contact.accountId);
    if (account?.token === undefined || account.state !== "active") return;
    await this.#waitForSlot(account.id);
    const token = await sealer.open(account.token.sealed, account.id);
    const answer = await instagram.profile(aggregate.contact.psid, token);
    if (answer.kind !== "failed") return await this.#learn(id, answer);
    getLogger("profiles").debug("a profile could not be asked for: {reason}", { reason: answer.error.message });
  }

  async #waitForSlot(accountId: string): Promise<void> {
    const { store, clock } = this.#options;
    const slot = await store.limits.reserve(`${accountId}:profile`, intervalMs);
    const waitMs = slot.getTime() - store.now().getTime();
    if (waitMs > 0) await clock.wait(waitMs);
  }

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
