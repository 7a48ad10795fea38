import { addMs, latest } from "@/conversation/due_time.ts";

/** How fast one account may send: when slots fall, and how late one may be used. */
export interface Pace {
  /** Distance of two slots, in whole milliseconds. */
  readonly intervalMs: number;
  /** A slot that is older than this at the moment of the POST is thrown away. */
  readonly toleranceMs: number;
  /** One process leaves as much between two of its POSTs, however late they are. */
  readonly gapMs: number;
}

/** How late a POST may begin: what a busy process needs. Each millisecond of it costs a thousandth of the pace. */
const longestLatenessMs = 40;

/** By how much the ways of two POSTs to Instagram, and the clocks of two instances, may differ at the same cost. */
const wayMs = 60;

/**
 * The pace of `perSecond` texts. Slots are (1,000 + t + w) / perSecond ms apart and each is used at most t ms late, so
 * of n POSTs in a row the first and the last begin at least (n - 1) intervals less t apart: `perSecond` + 1 of them
 * take a second and w ms or more, whichever instances they come from (C10). Instagram, which counts what arrives, sees
 * no more than `perSecond` within a second while their ways there differ by less than w. Below one a second two POSTs
 * are never closer than 1,000 / perSecond ms.
 */
export function paceOf(perSecond: number, slotAgeMs: number): Pace {
  const toleranceMs = Math.min(slotAgeMs, longestLatenessMs);
  const intervalMs = Math.ceil((1_000 + toleranceMs + wayMs) / perSecond);
  return { intervalMs, toleranceMs, gapMs: Math.ceil(1_000 / perSecond) };
}

/** Whether a slot may be used at `now`: it has come, and is not too old. */
export function isFresh(slot: Date, pace: Pace, now: Date): boolean {
  const age = now.getTime() - slot.getTime();
  return age >= 0 && age <= pace.toleranceMs;
}

/** When the POST of a slot may begin in a process whose last one began at `lastAt`. */
export function postTime(slot: Date, { gapMs }: Pace, lastAt: Date | undefined): Date {
  return latest(lastAt && addMs(lastAt, gapMs), slot);
}
