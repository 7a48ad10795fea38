import { instantOf } from "@/rules/clock_time.ts";
import type { BusinessHours } from "@/conversation/settings.ts";

/** Whether the business is open, and when it opens next while it is closed; absent when it never does. */
export interface BusinessState {
  readonly open: boolean;
  readonly opensAt?: Date;
}

interface Interval {
  readonly from: Date;
  readonly to: Date;
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Yesterday, whose night may reach into today, to the same day of next week, whose hours may all be past. */
const dayOffsets = [-1, 0, 1, 2, 3, 4, 5, 6, 7];

/**
 * Reads opening hours at `now`. A span whose end is not after its start runs over midnight (`22:00` to
 * `02:00`), and `00:00` to `00:00` is the whole day. Where the clocks change, a time that does not exist is
 * taken as the one an hour later, and of a time that comes twice the first. No hours: always open.
 */
export function businessAt(hours: BusinessHours | undefined, timeZone: string, now: Date): BusinessState {
  if (hours === undefined) return { open: true };
  const intervals = intervalsAround(hours, timeZone, now);
  if (intervals.some(({ from, to }) => from <= now && now < to)) return { open: true };
  const starts = intervals.map(({ from }) => from).filter((from) => from > now);
  if (starts.length === 0) return { open: false };
  return { open: false, opensAt: new Date(Math.min(...starts.map((from) => from.getTime()))) };
}

function intervalsAround(hours: BusinessHours, timeZone: string, now: Date): readonly Interval[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  return dayOffsets.flatMap((days) => {
    const date = today.add({ days });
    const spans = hours[weekdays[date.dayOfWeek - 1]] ?? [];
    return spans.map(({ from, to }) => ({
      from: instantOf(date, from, timeZone),
      to: instantOf(to > from ? date : date.add({ days: 1 }), to, timeZone),
    }));
  });
}
