import type { AgentTrace, ModelUse } from "@/store/records.ts";

/** Both together; absent counts as nothing. */
export function addUse(some: ModelUse | undefined, more: ModelUse | undefined): ModelUse | undefined {
  if (some === undefined || more === undefined) return some ?? more;
  const cost = some.cost === undefined && more.cost === undefined ? {} : { cost: (some.cost ?? 0) + (more.cost ?? 0) };
  return {
    calls: some.calls + more.calls,
    inputTokens: some.inputTokens + more.inputTokens,
    outputTokens: some.outputTokens + more.outputTokens,
    ...cost,
  };
}

/** Of a trace only what it used up. */
export function useOf(trace: AgentTrace | undefined): ModelUse | undefined {
  if (trace === undefined || trace.calls === 0) return undefined;
  const { calls, inputTokens, outputTokens, cost } = trace;
  return { calls, inputTokens, outputTokens, ...(cost === undefined ? {} : { cost }) };
}
