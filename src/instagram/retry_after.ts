import { regainMs } from "@/instagram/usage.ts";

const longestWaitMs = 24 * 3_600_000;

/**
 * How long Instagram wants to be left alone, in milliseconds, at most a day: by `Retry-After`, in seconds or as
 * a date, or by its usage headers. Undefined when it does not say.
 */
export function retryAfter(headers: Headers): number | undefined {
  const waits = [headerMs(headers), regainMs(headers)];
  const longest = Math.max(0, ...waits.filter((ms) => Number.isFinite(ms)));
  return longest === 0 ? undefined : Math.min(longest, longestWaitMs);
}

/** A date is measured against the answer's own, so that clocks that differ do not matter. */
function headerMs(headers: Headers): number {
  const value = headers.get("retry-after") ?? "";
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1_000;
  return Date.parse(value) - Date.parse(headers.get("date") ?? "");
}
