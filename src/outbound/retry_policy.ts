/** What follows from Instagram's answer to a POST. Pure: time, chance and history are arguments. */
import { addMs, latest } from "@/conversation/due_time.ts";
import type { SendResult } from "@/conversation/send.ts";
import type { SendAnswer } from "@/instagram/client.ts";
import type { Timings } from "@/outbound/timings.ts";

/** Tries that an item has, leaving out those that the account's pace or token stopped. */
export const maxSpentTries = 8;

const triedOften = "tried 8 times";

export interface JudgeContext {
  /** Tries of the item that count, before this one. */
  readonly spent: number;
  /** Times in a row that the account was throttled before. */
  readonly strikes: number;
  /** Until when an answer to the POST was waited for. */
  readonly deadlineAt: Date;
  readonly now: Date;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly timings: Timings;
}

export interface Judgement {
  /** What becomes of the item. */
  readonly result: SendResult;
  /** What becomes of the account; absent: nothing. */
  readonly pause?: AccountPause;
}

export type AccountPause =
  /** No text leaves before `until`. */
  | { readonly kind: "throttle"; readonly until: Date; readonly reason: string }
  /** No text leaves before a person has acted; the reason says how. */
  | { readonly kind: "account"; readonly reason: string };

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
  /** Failures before this one. */
  readonly failures: number;
  readonly random: () => number;
}

/** A pause that doubles with each failure up to a cap; chance takes up to a fifth off, so that callers spread. */
export function backoffMs({ baseMs, capMs, failures, random }: Backoff): number {
  const whole = Math.min(capMs, baseMs * 2 ** Math.min(failures, 30));
  return Math.round(whole * (0.8 + 0.2 * random()));
}

export function judge(answer: SendAnswer, context: JudgeContext): Judgement {
  switch (answer.kind) {
    case "sent":
      return { result: { kind: "sent", mid: answer.mid } };
    case "notSent":
      return retryOrFail(answer, context);
    case "throttled":
      return throttle(answer, context);
    case "unknown":
      return { result: { kind: "uncertain", settleAt: settleAt(answer, context), error: answer.error } };
    case "refused":
      return judgeRefusal(answer, context);
  }
}

type Answer<Kind extends SendAnswer["kind"]> = Extract<SendAnswer, { kind: Kind }>;

function judgeRefusal(answer: Answer<"refused">, context: JudgeContext): Judgement {
  const { error } = answer;
  switch (answer.class) {
    case "retry":
      return retryOrFail(answer, context);
    case "window":
      return { result: { kind: "expired", reason: error.message, error } };
    case "recipient":
    case "fail":
      return { result: { kind: "failed", reason: error.message, error } };
    case "token":
    case "config":
    case "pause": {
      if (isPerhapsPassing(answer) && context.spent === 0) return retryOrFail(answer, context);
      const at = addMs(context.now, context.timings.recheckMs);
      return {
        result: { kind: "retry", at, spent: false, error },
        pause: { kind: "account", reason: error.message },
      };
    }
  }
}

/** Meta calls 1/99 unknown; it often means a missing permission, and sometimes nothing: once more tells. */
function isPerhapsPassing({ error: { code, subcode } }: Answer<"refused">): boolean {
  return code === 1 && subcode === 99;
}

function retryOrFail({ error }: Answer<"notSent" | "refused">, context: JudgeContext): Judgement {
  const { spent, now, random, timings } = context;
  if (spent + 1 >= maxSpentTries) {
    return { result: { kind: "failed", reason: `${error.message}: ${triedOften}`, error } };
  }
  const pauseMs = backoffMs({ baseMs: timings.retryBaseMs, capMs: timings.retryCapMs, failures: spent, random });
  return { result: { kind: "retry", at: addMs(now, pauseMs), spent: true, error } };
}

/** Instagram's own word on how long to wait goes before ours; chance adds up to a tenth to it, never less. */
function throttle({ error, retryAfterMs }: Answer<"throttled">, context: JudgeContext): Judgement {
  const { strikes, now, random, timings } = context;
  const pauseMs = retryAfterMs === undefined
    ? backoffMs({ baseMs: timings.throttleBaseMs, capMs: timings.throttleCapMs, failures: strikes, random })
    : Math.round(retryAfterMs * (1 + 0.1 * random()));
  const until = addMs(now, pauseMs);
  return {
    result: { kind: "retry", at: until, spent: false, error },
    pause: { kind: "throttle", until, reason: error.message },
  };
}

/** Without an answer the request may still be under way until its deadline, and a little longer. */
function settleAt({ answered }: Answer<"unknown">, { now, deadlineAt, timings }: JudgeContext): Date {
  return answered ? addMs(now, timings.answeredSettleMs) : addMs(latest(deadlineAt, now), timings.settleMs);
}
