import type { Agent } from "@/agent/agent.ts";
import { emptyTrace } from "@/agent/empty_trace.ts";

/** The agent of an installation without a model: every turn that reaches it needs a person. */
export function makeNoModelAgent(): Agent {
  const model = "none";
  const decision = { kind: "handOff", reason: "no model is configured", by: "agent" } as const;
  return {
    model,
    decide: (_request, signal) =>
      Promise.resolve(
        signal.aborted ? { kind: "aborted" } : { kind: "decided", decision, facts: [], trace: emptyTrace(model) },
      ),
  };
}
