import type { LocalTime } from "@/rules/contract.ts";

/** `now` on the clocks of `timeZone`, an IANA name. Throws a `RangeError` for a name that is none. */
export function localTime(now: Date, timeZone: string): LocalTime {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  return {
    timeZone,
    weekday: local.dayOfWeek,
    hour: local.hour,
    minute: local.minute,
    date: local.toPlainDate().toString(),
  };
}
