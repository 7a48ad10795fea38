/** When a token is refreshed, and how long it lives: pure. */
import type { SealedToken } from "@/store/records.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Instagram refuses to refresh a younger token. */
const youngMs = dayMs;
const everyMs = 7 * dayMs;
/** With less than this left, the week is not waited for. */
const scarceMs = 20 * dayMs;
const firstPauseMs = 10 * minuteMs;

/** Days before the end at which people are warned, the most urgent first. */
export const warningDays = [3, 7, 14] as const;

/** When Moca asks for 60 more days: a day after the token was given, then weekly, sooner when it nears its end. */
export function nextRefreshAt(token: SealedToken): Date {
  const { savedAt, refreshedAt, expiresAt, refreshNotBefore } = token;
  const allowed = (refreshedAt ?? savedAt).getTime() + youngMs;
  const regular = refreshedAt === undefined ? allowed : refreshedAt.getTime() + everyMs;
  const scarce = expiresAt === undefined ? regular : expiresAt.getTime() - scarceMs;
  const planned = Math.max(allowed, Math.min(regular, scarce));
  return new Date(Math.max(planned, refreshNotBefore?.getTime() ?? planned));
}

/** How long to wait after the `tries`-th try before another, in milliseconds: doubling, at most a day. */
export function refreshPauseMs(tries: number): number {
  return Math.min(dayMs, firstPauseMs * 2 ** (tries - 1));
}

/** Whole days until the token ends, never below 0; undefined when Instagram never told. */
export function tokenDaysLeft({ expiresAt }: SealedToken, now: Date): number | undefined {
  if (expiresAt === undefined) return undefined;
  return Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / dayMs));
}

/** The most urgent of the warnings that is due; undefined when none is. */
export function dueWarning(token: SealedToken, now: Date): number | undefined {
  const { expiresAt } = token;
  if (expiresAt === undefined) return undefined;
  return warningDays.find((days) => expiresAt.getTime() - now.getTime() <= days * dayMs);
}
