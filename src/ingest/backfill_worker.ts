import { addMs } from "@/conversation/due_time.ts";
import { Sweep, type SweepDeps, type SweepStep } from "@/ingest/sweep.ts";
import { isCalm } from "@/instagram/account_pace.ts";
import type { AskFailure } from "@/instagram/client_api.ts";
import { stopAccount } from "@/instagram/stop_account.ts";
import { getLogger } from "@/log.ts";
import { type Sealer, SealError } from "@/seal.ts";
import type { Account, SealedToken } from "@/store/records.ts";
import { Worker } from "@/worker.ts";

/** From the beginning of one sweep to the next. */
const everyMs = 10 * 60_000;

/** The least distance of two calls for one account; reading back has slots of its own. */
const intervalMs = 1_000;

/**
 * An account's calls come from a budget that all instances share: a call costs as much as comes back in twelve
 * seconds, and an hour's worth is kept. So 300 may follow one another, and in the long run 300 an hour.
 */
const costMs = 12_000;
const hourMs = 3_600_000;

/** While messages need what Instagram allows, looking for others waits so long; and the pause after a failure. */
const yieldMs = 5 * 60_000;

export interface BackfillOptions extends SweepDeps {
  readonly sealer: Pick<Sealer, "open">;
}

type Holder = Account & { readonly token: SealedToken };

interface Running {
  readonly sweep: Sweep;
  readonly holder: Holder;
  /** When the next call may be made; absent: no slot is taken yet. */
  slot?: Date;
}

/**
 * Finds messages that no webhook delivered: after a downtime, and all the time by a slow sweep. What it finds enters
 * the same pipeline under the same keys. One instance sweeps an account at a time; two would only call twice.
 */
export class BackfillWorker extends Worker {
  readonly #options: BackfillOptions;
  #running?: Running;

  constructor(options: BackfillOptions) {
    super({
      name: "backfill",
      clock: options.clock,
      pollMs: 15_000,
      step: () => this.#step(),
      nextAt: () => Promise.resolve(this.#running?.slot),
      now: () => options.store.now(),
    });
    this.#options = options;
  }

  async #step(): Promise<number> {
    this.#running ??= await this.#begin();
    const running = this.#running;
    if (running === undefined || !await this.#mayCall(running)) return 0;
    await this.#conclude(running, await running.sweep.step());
    return 1;
  }

  async #begin(): Promise<Running | undefined> {
    const { store, sealer } = this.#options;
    for (const holder of (await store.accounts.list()).filter(mayRead)) {
      const key = sweepKey(holder.id);
      const limit = await store.limits.get(key);
      const now = store.now();
      if (limit?.pausedUntil !== undefined && limit.pausedUntil > now) continue;
      // Of two instances that come here together, one gets a slot that is still to come.
      if (await store.limits.reserve(key, intervalMs) > now) continue;
      await store.limits.pause(key, { until: addMs(now, everyMs), strikes: 0, reason: "swept" });
      const token = await openToken(holder, sealer);
      if (token === undefined) continue;
      const sweep = new Sweep(this.#options, { account: holder, token, sweptUntil: limit?.reading?.at });
      return { sweep, holder };
    }
    return undefined;
  }

  /** Takes a call from the budget; false when its slot is still to come, or the sweep ends for want of calls. */
  async #mayCall(running: Running): Promise<boolean> {
    const { store } = this.#options;
    const { accountId } = running.sweep;
    const now = store.now();
    running.slot ??= await store.limits.reserve(`${accountId}:sweep`, intervalMs);
    if (running.slot > now) return false;
    running.slot = undefined;
    if (!isCalm(await store.limits.get(accountId), now)) return await this.#leave(accountId, addMs(now, yieldMs));
    if (await this.#isSpent(accountId)) return await this.#leave(accountId, addMs(now, hourMs / 4));
    return true;
  }

  /** Takes a call's cost from the account's budget; true when there is nothing left to take. */
  async #isSpent(accountId: string): Promise<boolean> {
    const { store } = this.#options;
    const paidAt = await store.limits.reserve(`${accountId}:calls`, costMs);
    return paidAt >= addMs(store.now(), hourMs);
  }

  /** Ends the sweep before its end; what it has found is kept, the rest is looked for by the next. */
  async #leave(accountId: string, until: Date): Promise<false> {
    this.#running = undefined;
    await this.#options.store.limits.pause(sweepKey(accountId), { until, strikes: 0, reason: "too many calls" });
    return false;
  }

  async #conclude({ sweep, holder }: Running, step: SweepStep): Promise<void> {
    if (step.kind === "going") return;
    this.#running = undefined;
    if (step.kind === "failed") return await this.#giveUp(holder, step);
    await this.#options.store.limits.note(sweepKey(sweep.accountId), { value: sweep.found, at: sweep.until });
    if (sweep.found === 0) return;
    getLogger("backfill").info("{found} message(s) of account {account} were found that no webhook had brought", {
      found: sweep.found,
      account: sweep.accountId,
    });
  }

  async #giveUp(holder: Holder, { class: errorClass, error, retryAfterMs = 0 }: AskFailure): Promise<void> {
    const { store } = this.#options;
    getLogger("backfill").warning("account {account} could not be swept: {reason}", {
      account: holder.id,
      reason: error.message,
    });
    if (errorClass === "token") await stopAccount(holder, error.message, store);
    await this.#leave(holder.id, addMs(store.now(), Math.max(yieldMs, retryAfterMs)));
  }
}

function sweepKey(accountId: string): string {
  return `${accountId}:backfill`;
}

function mayRead(account: Account): account is Holder {
  return account.state === "active" && account.token !== undefined;
}

/** Undefined when another key sealed it; the queue says so. */
async function openToken({ id, token }: Holder, sealer: Pick<Sealer, "open">): Promise<string | undefined> {
  try {
    return await sealer.open(token.sealed, id);
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}
