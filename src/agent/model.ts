import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import type { Agent } from "@/agent/agent.ts";
import { withBreaker } from "@/agent/breaker.ts";
import { makeChoosingAgent, type ModelChoice } from "@/agent/choosing_agent.ts";
import { makeNoModelAgent } from "@/agent/no_model_agent.ts";

export interface LoadAgentOptions {
  readonly model?: Config["model"];
  readonly mode: Config["mode"];
  readonly clock: Clock;
}

/** Named in full, because LangChain would else look for another address in the environment. */
const openAiUrl = "https://api.openai.com/v1";

/**
 * Makes the agent that the configuration asks for: the configured model; without one the demo model in the
 * sandbox, and in `live` an agent that asks for a person. LangChain is loaded only here, since that takes time.
 */
export async function loadAgent({ model, mode, clock }: LoadAgentOptions): Promise<Agent> {
  if (model !== undefined) return await loadOpenAiAgent(model, clock);
  return mode === "sandbox" ? await loadDemoAgent(clock) : makeNoModelAgent();
}

async function loadOpenAiAgent(model: NonNullable<Config["model"]>, clock: Clock): Promise<Agent> {
  const [{ makeAgent }, { ChatOpenAICompletions }] = await Promise.all([
    import("@/agent/langchain_agent.ts"),
    import("@langchain/openai"),
  ]);
  // This class speaks chat completions and nothing else; `ChatOpenAI` picks another endpoint for some model names.
  const make = (choice: ModelChoice): Agent => {
    const chat = new ChatOpenAICompletions({
      apiKey: model.apiKey,
      model: choice.name,
      ...(choice.temperature === undefined ? {} : { temperature: choice.temperature }),
      streaming: false,
      maxRetries: 0,
      __includeRawResponse: true,
      configuration: { baseURL: model.baseUrl ?? openAiUrl, maxRetries: 0, logLevel: "off" },
    });
    return makeAgent({ model: chat, modelName: choice.name, clock });
  };
  return withBreaker(makeChoosingAgent(model.name, make), clock);
}

async function loadDemoAgent(clock: Clock): Promise<Agent> {
  const [{ makeAgent }, { DemoModel }] = await Promise.all([
    import("@/agent/langchain_agent.ts"),
    import("@/agent/demo_model.ts"),
  ]);
  return makeAgent({ model: new DemoModel({}), modelName: "Moca demo model", clock });
}
