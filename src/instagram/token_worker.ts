import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { InstagramClient, RefreshAnswer } from "@/instagram/client.ts";
import { stopAccount } from "@/instagram/stop_account.ts";
import { dueWarning, nextRefreshAt, refreshPauseMs, tokenDaysLeft } from "@/instagram/token_plan.ts";
import { getLogger } from "@/log.ts";
import type { Metrics } from "@/metrics.ts";
import { type Sealer, SealError } from "@/seal.ts";
import type { Account, SealedToken } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

export interface TokenWorkerOptions {
  readonly store: Pick<Store, "now" | "accounts" | "audit">;
  readonly instagram: Pick<InstagramClient, "me" | "refreshToken">;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "tokenDays">;
}

type Holder = Account & { readonly token: SealedToken };

/** Keeps every account's token from ending, and says so in time when it cannot. */
export class TokenWorker extends Worker {
  readonly #options: TokenWorkerOptions;
  /** By sealed token, the most urgent warning that was given. */
  readonly #warned = new Map<string, number>();

  constructor(options: TokenWorkerOptions) {
    super({ name: "tokens", clock: options.clock, step: () => this.#refreshNext(), pollMs: 60_000 });
    this.#options = options;
  }

  async #refreshNext(): Promise<number> {
    const { store } = this.#options;
    const holders = (await store.accounts.list()).filter(hasToken);
    for (const holder of holders) this.#watch(holder);
    const outdated = holders.find(({ token }) => this.#options.sealer.isOutdated(token.sealed));
    if (outdated !== undefined) return await this.#sealAnew(outdated);
    const due = holders.find(({ token }) => nextRefreshAt(token) <= store.now());
    if (due === undefined) return 0;
    const claimed = await this.#claim(due);
    if (claimed !== undefined) await this.#refresh(claimed);
    return 1;
  }

  /** After a rotation of `MOCA_SECRET_KEY`: once no token needs it any more, the old key can go. */
  async #sealAnew({ id, token, ...account }: Holder): Promise<number> {
    const { store, sealer } = this.#options;
    const sealed = await sealer.seal(await sealer.open(token.sealed, id), id);
    const outcome = await store.accounts.put({ ...account, id, token: { ...token, sealed } }, account.ver);
    if (outcome === "stored") {
      getLogger("tokens").info("the token of account {account} was sealed anew", { account: id });
    }
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

  async #refresh(holder: Holder): Promise<void> {
    const { instagram, store } = this.#options;
    const text = await this.#open(holder);
    if (text === undefined) return;
    const answer = await instagram.refreshToken(text);
    if (answer.kind === "failed") {
      if (answer.class === "token") await stopAccount(holder, answer.error.message, store);
      return warn(holder.id, answer.error.message);
    }
    // A new token counts only when Instagram knows whose it is; the old one goes on meanwhile.
    const owner = await instagram.me(answer.token);
    if (owner.kind === "failed") return warn(holder.id, owner.error.message);
    await this.#keep(holder, answer);
  }

  async #open({ id, token }: Holder): Promise<string | undefined> {
    try {
      return await this.#options.sealer.open(token.sealed, id);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      warn(id, "it cannot be read with this MOCA_SECRET_KEY");
      return undefined;
    }
  }

  /** Unless somebody has given the account another token meanwhile. */
  async #keep({ id, token: used }: Holder, fresh: Extract<RefreshAnswer, { kind: "refreshed" }>): Promise<void> {
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

function warn(account: string, reason: string): void {
  getLogger("tokens").warning("the token of account {account} could not be refreshed: {reason}", { account, reason });
}

function hasToken(account: Account): account is Holder {
  return account.token !== undefined;
}
