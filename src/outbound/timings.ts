/** Every duration that the outbound queue goes by, in milliseconds. */
export interface Timings {
  /** The longest that Instagram's answer to a POST is waited for. */
  readonly requestMs: number;
  /** After the deadline of a POST without an answer, before the thread is read: a slow server may still deliver. */
  readonly settleMs: number;
  /** The same after an answer that leaves the outcome open: only echo and thread may lag. */
  readonly answeredSettleMs: number;
  /** How long a conversation is held. Must outlast the wait for a slot and then a POST, with a sixth to spare. */
  readonly leaseMs: number;
  /** A slot that is farther away is not waited for. */
  readonly slotWaitMs: number;
  /** A slot that is older is not used, whatever the pace. */
  readonly slotAgeMs: number;
  /** So long before its slot an item is looked at for the last time, and longer while the store is slow. */
  readonly leadMs: number;
  /** An answer of the bot's that waited longer is decided anew instead of sent. */
  readonly staleMs: number;
  /** How soon a paused account's items are looked at again. */
  readonly recheckMs: number;
  /** Distance of one account's read-backs; each is two calls. */
  readonly readIntervalMs: number;
  /** Pause after a read-back that failed. */
  readonly readRetryMs: number;
  /** First pause after a POST that never reached Instagram; doubles each time, up to the cap. */
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
  /** First pause of a throttled account; doubles each time, up to the cap. */
  readonly throttleBaseMs: number;
  readonly throttleCapMs: number;
}

export const defaultTimings: Timings = {
  requestMs: 15_000,
  settleMs: 60_000,
  answeredSettleMs: 20_000,
  leaseMs: 30_000,
  slotWaitMs: 5_000,
  slotAgeMs: 300,
  leadMs: 20,
  staleMs: 15 * 60_000,
  recheckMs: 60_000,
  readIntervalMs: 2_000,
  readRetryMs: 60_000,
  retryBaseMs: 1_000,
  retryCapMs: 5 * 60_000,
  throttleBaseMs: 30_000,
  throttleCapMs: 15 * 60_000,
};

/** The defaults with what is given. Throws `RangeError` when a lease could not outlast a slot's wait and a POST. */
export function resolveTimings(given: Partial<Timings> = {}): Timings {
  const timings = { ...defaultTimings, ...given };
  if (spareOf(timings) <= 0) {
    const neededMs = timings.slotWaitMs + timings.requestMs;
    throw new RangeError(
      `Cannot use these timings: leaseMs is ${timings.leaseMs}, more than 1.2 times slotWaitMs and requestMs together (${neededMs}) is wanted`,
    );
  }
  return timings;
}

/** How long a lease is trusted: the last sixth is left for clocks that differ. */
export function trustOf(leaseMs: number): number {
  return Math.floor(leaseMs * 5 / 6);
}

/** What a trusted lease leaves beside the wait for a slot and a POST: whoever wanted more would never send. */
export function spareOf({ leaseMs, slotWaitMs, requestMs }: Timings): number {
  return trustOf(leaseMs) - slotWaitMs - requestMs;
}
