/** Quiet time and upper limit of a burst, in milliseconds. */
export interface DueTimeOptions {
  readonly debounceMs: number;
  readonly debounceMaxMs: number;
}

/**
 * When a burst is due: once the contact has been quiet for `debounceMs`, but never later than
 * `debounceMaxMs` after its first unanswered message.
 */
export function turnDueAt(firstAt: Date, lastAt: Date, options: DueTimeOptions): Date {
  const quiet = lastAt.getTime() + options.debounceMs;
  const limit = firstAt.getTime() + options.debounceMaxMs;
  return new Date(Math.min(quiet, limit));
}

/** The later of two instants; an absent one counts as earliest. */
export function latest(a: Date | undefined, b: Date): Date;
export function latest(a: Date | undefined, b: Date | undefined): Date | undefined;
export function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.getTime() >= b.getTime() ? a : b;
}

/** The earlier of two instants; an absent one does not count. */
export function earliest(a: Date | undefined, b: Date): Date {
  return a !== undefined && a.getTime() < b.getTime() ? a : b;
}

export function addMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
