import type { Clock } from "@/clock.ts";

/** The end of a turn's time: by the clock, or because the caller gave up. */
export interface Deadline {
  /** Aborts at either. */
  readonly signal: AbortSignal;
  /** Which of them it was; undefined while there is time. */
  ended(): "timedOut" | "aborted" | undefined;
  /** Forgets the clock and the caller. */
  stop(): void;
}

/** Starts `ms` milliseconds on the clock. The clock is ours, not `AbortSignal.timeout`, which tests cannot move. */
export function startDeadline(clock: Clock, ms: number, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  const stopped = new AbortController();
  let end: "timedOut" | "aborted" | undefined;
  const finish = (how: "timedOut" | "aborted"): void => {
    if (stopped.signal.aborted || end !== undefined) return;
    end = how;
    controller.abort();
  };
  const onAbort = (): void => finish("aborted");
  if (caller.aborted) onAbort();
  caller.addEventListener("abort", onAbort, { once: true });
  clock.wait(ms, stopped.signal).then(() => finish("timedOut"));
  return {
    signal: controller.signal,
    ended: () => end,
    stop: () => {
      stopped.abort();
      caller.removeEventListener("abort", onAbort);
    },
  };
}
