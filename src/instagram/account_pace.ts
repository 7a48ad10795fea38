/** How fast an account may send now, by what Instagram's answers say of its limits. Pure. */
import { resolveSettings } from "@/conversation/settings.ts";
import type { Account } from "@/store/records.ts";
import type { Limit, Reading } from "@/store/store.ts";

export interface AccountPace {
  /** Texts a second: the account's setting, slowed down. */
  readonly perSecond: number;
  /** From 0.02, nearly used up, to 1, the whole of the setting. */
  readonly factor: number;
  /** Of what Instagram allows, as last heard and aged since; absent when it never told, or so long ago that it is void. */
  readonly usagePercent?: number;
  /** Nothing leaves before; absent: now. */
  readonly pausedUntil?: Date;
  readonly reason?: string;
}

/** Up to this share of Instagram's limits Moca does not slow down; from here to 100 % ever more. */
export const calmPercent = 50;
const fullPercent = 100;
const slowest = 0.02;

/** A reading fades to nothing in this time: what was used up grows again, whether or not somebody calls. */
const fadeMs = 60 * 60_000;

export function accountPace({ settings }: Pick<Account, "settings">, limit: Limit | undefined, now: Date): AccountPace {
  const usagePercent = agedUsage(limit?.reading, now);
  const factor = paceFactor(usagePercent ?? 0);
  const isPaused = limit?.pausedUntil !== undefined && limit.pausedUntil > now;
  return {
    perSecond: resolveSettings(settings).sendsPerSecond * factor,
    factor,
    ...(usagePercent === undefined ? {} : { usagePercent }),
    ...(isPaused ? { pausedUntil: limit.pausedUntil, reason: limit.reason } : {}),
  };
}

/** Whether calls may be made that no message waits for. */
export function isCalm(limit: Limit | undefined, now: Date): boolean {
  const isPaused = limit?.pausedUntil !== undefined && limit.pausedUntil > now;
  return !isPaused && (agedUsage(limit?.reading, now) ?? 0) < calmPercent;
}

/** The part of its pace that an account keeps when so many percent of Instagram's limits are used. */
export function paceFactor(usagePercent: number): number {
  const left = (fullPercent - usagePercent) / (fullPercent - calmPercent);
  return Math.min(1, Math.max(slowest, left));
}

/** The share that is still used some time after it was read, in percent. */
export function agedUsage(reading: Reading | undefined, now: Date): number | undefined {
  if (reading === undefined) return undefined;
  const ageMs = Math.max(0, now.getTime() - reading.at.getTime());
  return ageMs >= fadeMs ? undefined : Math.round(reading.value * (1 - ageMs / fadeMs));
}

/** What being throttled says of the usage where no header does: more each time in a row. */
export function usageOfStrikes(strikes: number): number {
  return Math.min(95, 65 + 10 * strikes);
}
