/** The first instant after `now` at which the clocks of `timeZone` show `time` (`HH:MM`). */
export function nextClockTime(now: Date, timeZone: string, time: string): Date {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  const soonest = instantOf(today, time, timeZone);
  return soonest > now ? soonest : instantOf(today.add({ days: 1 }), time, timeZone);
}

/**
 * When the clocks of `timeZone` show `time` on that day. A time that does not exist is taken as the one an hour
 * later; of a time that comes twice the first is meant.
 */
export function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): Date {
  return new Date(date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds);
}
