import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import { sandboxMark } from "@/store/sandbox_mark.ts";
import type { Store } from "@/store/store.ts";

/**
 * The sandbox's clock: the real one, moved on by hand, so that nobody waits for a debounce, a cooldown or the end of a
 * window. Who waits for an instant that is past by then goes on at once.
 */
export class SandboxClock implements Clock {
  readonly #real: Clock;
  #aheadMs = 0;
  #moved = new AbortController();

  constructor(real: Clock) {
    this.#real = real;
  }

  /** How far it is ahead of the real time, in milliseconds. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  now(): Date {
    return addMs(this.#real.now(), this.#aheadMs);
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now().getTime() + ms;
    let left = ms;
    do {
      const woken = signal === undefined ? this.#moved.signal : AbortSignal.any([signal, this.#moved.signal]);
      await this.#real.wait(left, woken);
      left = until - this.now().getTime();
    } while (left > 0 && !signal?.aborted);
  }

  moveOn(ms: number): void {
    this.#aheadMs += ms;
    const moved = this.#moved;
    this.#moved = new AbortController();
    moved.abort();
  }
}

/** Later than this the pretended Instagram's token would end. */
export const furthestAheadMs = 30 * 24 * 3_600_000;

type Kept = Pick<Store, "limits" | "sessions" | "now">;

/**
 * Takes the sandbox's time to where an earlier run left it: what is stored would lie in the future otherwise. Marks the
 * store as a sandbox's.
 */
export async function resumeTime(clock: SandboxClock, { limits, now }: Kept): Promise<void> {
  const aheadMs = (await limits.get(sandboxMark))?.reading?.value ?? 0;
  clock.moveOn(aheadMs);
  await limits.note(sandboxMark, { value: aheadMs, at: now() });
}

/**
 * Moves the sandbox's time on. People live in real time: their sessions move along. `tooFar`: it would be more than 30
 * days ahead, and nothing happened.
 */
export async function moveOn(clock: SandboxClock, store: Kept, ms: number): Promise<"moved" | "tooFar"> {
  if (clock.aheadMs + ms > furthestAheadMs) return "tooFar";
  const sessions = await store.sessions.list();
  clock.moveOn(ms);
  await store.limits.note(sandboxMark, { value: clock.aheadMs, at: store.now() });
  for (const session of sessions) {
    const { createdAt, seenAt, expiresAt } = session;
    const moved = { createdAt: addMs(createdAt, ms), seenAt: addMs(seenAt, ms), expiresAt: addMs(expiresAt, ms) };
    await store.sessions.put({ ...session, ...moved });
  }
  return "moved";
}
