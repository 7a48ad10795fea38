import type { AgentTrace } from "@/store/records.ts";

/** The trace of a turn in which the model was not asked. */
export function emptyTrace(model: string): AgentTrace {
  return { model, calls: 0, inputTokens: 0, outputTokens: 0, ms: 0, prompt: [], tools: [] };
}
