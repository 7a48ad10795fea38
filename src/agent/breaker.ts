import type { Clock } from "@/clock.ts";
import type { Agent } from "@/agent/agent.ts";
import { emptyTrace } from "@/agent/empty_trace.ts";

/** Failures of the provider in a row after which it is left alone. */
export const failuresToOpen = 8;

const firstPauseMs = 15_000;
const longestPauseMs = 300_000;

/**
 * Leaves a provider alone that fails again and again: for a while, growing, nothing is asked, then one turn is let
 * through to see. The turns meanwhile wait in the queue of turns, as after any failure.
 */
export function withBreaker(agent: Agent, clock: Pick<Clock, "now">): Agent {
  let failures = 0;
  let openUntil = 0;
  let pauses = 0;
  const onFailure = (): void => {
    failures += 1;
    if (failures < failuresToOpen) return;
    openUntil = clock.now().getTime() + Math.min(longestPauseMs, firstPauseMs * 2 ** pauses);
    pauses += 1;
  };
  const onAnswer = (): void => {
    failures = 0;
    pauses = 0;
  };
  return {
    model: agent.model,
    decide: async (request, signal) => {
      const left = openUntil - clock.now().getTime();
      if (left > 0) {
        const reason = "the model's provider keeps failing and is left alone for a while";
        return { kind: "failed", reason, retryAfterMs: left, trace: { ...emptyTrace(agent.model), error: reason } };
      }
      const isTrial = failures >= failuresToOpen;
      if (isTrial) openUntil = clock.now().getTime() + firstPauseMs;
      const result = await agent.decide(request, signal);
      if (result.kind === "failed" && result.isProvider) onFailure();
      if (result.kind === "decided") onAnswer();
      if (result.kind !== "failed" && isTrial) openUntil = 0;
      return result;
    },
  };
}
