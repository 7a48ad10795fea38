import type { Agent } from "@/agent/agent.ts";

/** The model that an account wants. */
export interface ModelChoice {
  readonly name: string;
  /** Absent: the provider's own. */
  readonly temperature?: number;
}

/** Models that are kept ready; the oldest choice makes room for a new one. */
const maxReady = 20;

/** An agent that asks the model of the account at hand: `fallback` where its settings name none. */
export function makeChoosingAgent(fallback: string, make: (choice: ModelChoice) => Agent): Agent {
  const ready = new Map<string, Agent>();
  const agentFor = ({ name, temperature }: ModelChoice): Agent => {
    const key = JSON.stringify([name, temperature]);
    const agent = ready.get(key) ?? make({ name, temperature });
    if (!ready.has(key) && ready.size >= maxReady) ready.delete([...ready.keys()][0]!);
    ready.set(key, agent);
    return agent;
  };
  return {
    model: fallback,
    decide: (request, signal) => {
      const { model, temperature } = request.settings;
      return agentFor({ name: model === "" ? fallback : model, temperature }).decide(request, signal);
    },
  };
}
