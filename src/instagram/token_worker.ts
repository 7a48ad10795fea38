import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { AskFailure, InstagramClient, RefreshAnswer } from "@/instagram/client.ts";
import { dueWarning, nextRefreshAt, refreshPauseMs, tokenDaysLeft } from "@/instagram/token_plan.ts";
import { getLogger } from "@/log.ts";
import type { Metrics } from "@/metrics.ts";
import type { Sealer } from "@/seal.ts";
import type { Account, SealedToken } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

export interface TokenWorkerOptions {
  readonly store: Pick<Store, "now" | "accounts">;
  readonly instagram: Pick<InstagramClient, "me" | "refreshToken">;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "tokenDays">;
}

type Holder = Account & { readonly token: SealedToken };

/** Keeps every account's token from ending, and says so in time when it cannot. */
export class TokenWorker extends Worker {
  readonly #options: TokenWorkerOptions;
  /** By sealed token, the warning that was given last. */
  readonly #warned = new Map<string, number>();

  constructor(options: TokenWorkerOptions) {
    super({ name: "tokens", clock: options.clock, step: () => this.#refreshNext(), pollMs: 60_000 });
    this.#options = options;
  }

  async #refreshNext(): Promise<number> {
    const { store } = this.#options;
    const holders = (await store.accounts.list()).filter(hasToken);
    for (const holder of holders) this.#watch(holder);
    const due = holders.find(({ token }) => nextRefreshAt(token) <= store.now());
    if (due === undefined) return 0;
    const claimed = await this.#claim(due);
    if (claimed !== undefined) await this.#refresh(claimed);
    return 1;
  }

  #watch({ id, token }: Holder): void {
    const { store, metrics } = this.#options;
    const daysLeft = tokenDaysLeft(token, store.now());
    if (daysLeft === undefined) return metrics.tokenDays.remove({ account: id });
    metrics.tokenDays.set({ account: id }, daysLeft);
    const days = dueWarning(token, store.now());
    if (days === undefined || days >= (this.#warned.get(token.sealed) ?? Infinity)) return;
    this.#warned.set(token.sealed, days);
    getLogger("tokens").warning("the access token of account {account} ends in {daysLeft} days", {
      account: id,
      daysLeft,
    });
  }

  /** Books the next try before this one is made: no other instance makes it too, and a crash waits as a failure does. */
  async #claim(holder: Holder): Promise<Holder | undefined> {
    const { store } = this.#options;
    const refreshTries = (holder.token.refreshTries ?? 0) + 1;
    const refreshNotBefore = addMs(store.now(), refreshPauseMs(refreshTries));
    const claimed = { ...holder, token: { ...holder.token, refreshTries, refreshNotBefore } };
    return await store.accounts.put(claimed, holder.ver) === "stored" ? claimed : undefined;
  }

  async #refresh({ id, token }: Holder): Promise<void> {
    const answer = await this.#askForNew(await this.#options.sealer.open(token.sealed, id));
    if (answer.kind === "refreshed") return await this.#keep(id, token, answer);
    getLogger("tokens").warning("the token of account {account} could not be refreshed: {reason}", {
      account: id,
      reason: answer.error.message,
    });
  }

  /** A new token counts only when Instagram knows whose it is. */
  async #askForNew(token: string): Promise<RefreshAnswer | AskFailure> {
    const { instagram } = this.#options;
    const answer = await instagram.refreshToken(token);
    if (answer.kind === "failed") return answer;
    const owner = await instagram.me(answer.token);
    return owner.kind === "account" ? answer : owner;
  }

  /** Unless somebody has given the account another token meanwhile. */
  async #keep(id: string, used: SealedToken, fresh: Extract<RefreshAnswer, { kind: "refreshed" }>): Promise<void> {
    const { store, sealer } = this.#options;
    const now = store.now();
    const token: SealedToken = {
      sealed: await sealer.seal(fresh.token, id),
      ending: fresh.token.slice(-4),
      savedAt: used.savedAt,
      refreshedAt: now,
      ...(fresh.expiresInMs === undefined ? {} : { expiresAt: addMs(now, fresh.expiresInMs) }),
      ...(used.environmentHash === undefined ? {} : { environmentHash: used.environmentHash }),
    };
    for (let outcome = "conflict"; outcome === "conflict";) {
      const account = await store.accounts.get(id);
      if (account?.token?.sealed !== used.sealed) return;
      outcome = await store.accounts.put({ ...account, token, updatedAt: now }, account.ver);
    }
    getLogger("tokens").info("the token of account {account} was refreshed", { account: id });
  }
}

function hasToken(account: Account): account is Holder {
  return account.token !== undefined;
}
