const minute = 60_000;
const day = 24 * 60 * minute;

/** Instagram's clock may run ahead of ours by so much. */
export const maxAheadMs = 5 * minute;

/** Meta delivers for 36 h; what claims to be far older than that is no longer believed. */
export const maxAgeMs = 30 * day;

/** Where an instant that is too old is put: older than any delivery, so that it opens no window. */
export const absurdAgeMs = 36 * 60 * minute + maxAheadMs;

/**
 * When an event happened: the first candidate that is an instant, else its arrival. One in the future is
 * moved to 5 min after arrival, one older than 30 days to 36 h 5 min before it.
 */
export function eventTime(candidates: readonly unknown[], receivedAt: Date): Date {
  const arrival = receivedAt.getTime();
  const told = candidates.map(instantOf).find((instant) => instant !== undefined) ?? arrival;
  if (told > arrival + maxAheadMs) return new Date(arrival + maxAheadMs);
  return new Date(told < arrival - maxAgeMs ? arrival - absurdAgeMs : told);
}

/**
 * Milliseconds since 1970 of what Meta may call a time: a number or numeric text in seconds, milliseconds or
 * microseconds, told apart by size, or ISO 8601. Undefined when it is none of these or not after 1970.
 */
export function instantOf(value: unknown): number | undefined {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string" || value.length > 40) return undefined;
  if (/^\d+$/.test(value)) return fromNumber(Number(value));
  return /^\d{4}-\d\d-\d\dT/.test(value) ? fromNumber(Date.parse(value)) : undefined;
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  const ms = value < 1e11 ? value * 1_000 : value >= 1e14 ? value / 1_000 : value;
  return ms <= 8.64e15 ? Math.trunc(ms) : undefined;
}
