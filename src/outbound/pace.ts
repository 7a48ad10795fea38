/** How fast one account may send: when slots fall, and how late one may be used. */
export interface Pace {
  /** Distance of two slots, in whole milliseconds. */
  readonly intervalMs: number;
  /** A slot that is older than this at the moment of the POST is thrown away. */
  readonly toleranceMs: number;
}

/** How far apart slots are beyond the pace itself: what a POST may be late without coming too close to the next. */
const slack = 1.3;

/**
 * The pace of `perSecond` texts: slots 1,300 / perSecond ms apart. A POST is late by the difference at most, so
 * two are never closer than 1,000 / perSecond ms (C10).
 */
export function paceOf(perSecond: number, slotAgeMs: number): Pace {
  const intervalMs = Math.ceil(slack * 1_000 / perSecond);
  return { intervalMs, toleranceMs: Math.min(slotAgeMs, Math.floor(intervalMs - 1_000 / perSecond)) };
}

/** Whether a slot may be used at `now`: it has come, and is not too old. */
export function isFresh(slot: Date, pace: Pace, now: Date): boolean {
  const age = now.getTime() - slot.getTime();
  return age >= 0 && age <= pace.toleranceMs;
}
