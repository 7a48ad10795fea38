import { addMs, latest } from "@/conversation/due_time.ts";
import { stopAccount } from "@/instagram/stop_account.ts";
import { agedUsage, usageOfStrikes } from "@/instagram/account_pace.ts";
import type { ReadyAccount } from "@/outbound/next_step.ts";
import type { OutboundDeps } from "@/outbound/outbound_deps.ts";
import type { AccountPause } from "@/outbound/retry_policy.ts";

type Deps = Pick<OutboundDeps, "store" | "timings">;

/** A POST that was answered, seen from its account. */
export interface AnsweredPost {
  readonly account: ReadyAccount;
  /** When its intent was written. */
  readonly begunAt: Date;
}

/**
 * Times in a row that the account was throttled before this POST. Several POSTs that were under way together
 * and throttled together are one time.
 */
export async function strikesBefore({ account, begunAt }: AnsweredPost, { store }: Deps): Promise<number> {
  const limit = await store.limits.get(account.id);
  if (limit === undefined) return 0;
  const isSameTime = limit.pausedUntil !== undefined && limit.pausedUntil > begunAt;
  return Math.max(0, limit.strikes - (isSameTime ? 1 : 0));
}

export async function pauseAccount(
  pause: AccountPause,
  post: AnsweredPost & { readonly strikes: number },
  deps: Deps,
): Promise<void> {
  if (pause.kind === "account") return await stopAccount(post.account, pause.reason, deps.store);
  const { reason } = pause;
  const strikes = post.strikes + 1;
  const until = latest(pause.until, await usedUpUntil(post.account.id, deps));
  await deps.store.limits.pause(post.account.id, { until, strikes, reason });
  await slowDown(post.account.id, usageOfStrikes(strikes), deps);
}

/** Where Instagram's own figures say that all is used up, but not until when, trying early prolongs the block. */
async function usedUpUntil(accountId: string, { store, timings }: Deps): Promise<Date> {
  const now = store.now();
  const usage = agedUsage((await store.limits.get(accountId))?.reading, now) ?? 0;
  return usage >= 100 ? addMs(now, timings.throttleCapMs) : now;
}

/** After the pause the account goes on more slowly, unless Instagram's own figures say more already. */
async function slowDown(accountId: string, value: number, { store }: Deps): Promise<void> {
  const now = store.now();
  const known = agedUsage((await store.limits.get(accountId))?.reading, now) ?? 0;
  if (known < value) await store.limits.note(accountId, { value, at: now });
}

/** The account is no longer throttled: a POST that began after the pause was taken. */
export async function forgetStrikes({ account, begunAt }: AnsweredPost, { store }: Deps): Promise<void> {
  const limit = await store.limits.get(account.id);
  if (limit === undefined || limit.strikes === 0) return;
  const isOver = limit.pausedUntil === undefined || limit.pausedUntil <= begunAt;
  if (isOver) await store.limits.clear(account.id);
}
