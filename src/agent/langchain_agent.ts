import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Clock } from "@/clock.ts";
import { getLogger } from "@/log.ts";
import type { Agent, AgentRequest, AgentResult } from "@/agent/agent.ts";
import { startDeadline } from "@/agent/deadline.ts";
import { Deliberation } from "@/agent/deliberation.ts";
import { emptyTrace } from "@/agent/empty_trace.ts";
import { agentTools } from "@/agent/tools/tools.ts";

/** What one turn may cost. */
export interface AgentLimits {
  /** Calls of the model. Default 6. */
  readonly modelCalls: number;
  /** Milliseconds in all. Default 60,000. */
  readonly totalMs: number;
  /** Tokens in and out; once they are used up, the model is not asked again. Default 150,000. */
  readonly tokens: number;
}

export const defaultLimits: AgentLimits = { modelCalls: 6, totalMs: 60_000, tokens: 150_000 };

export interface AgentOptions {
  /** Must know how to bind tools, and must not repeat failed calls by itself. */
  readonly model: BaseChatModel;
  /** As people know it. */
  readonly modelName: string;
  readonly clock: Clock;
  readonly limits?: Partial<AgentLimits>;
}

/** Makes the agent that decides by asking `model`. Throws a TypeError when the model cannot call tools. */
export function makeAgent({ model, modelName, clock, limits }: AgentOptions): Agent {
  const bound = model.bindTools?.(agentTools.map(({ name, description, parameters }) => ({
    type: "function",
    function: { name, description, parameters },
  })));
  if (bound === undefined) throw new TypeError(`Cannot use the model "${modelName}": it cannot call tools`);
  const canary = `ref-${crypto.randomUUID()}`;
  const options = { model: bound, modelName, clock, limits: { ...defaultLimits, ...limits }, canary };
  return {
    model: modelName,
    decide: async (request, signal) => {
      const deadline = startDeadline(clock, options.limits.totalMs, signal);
      try {
        return await new Deliberation(request, { ...options, deadline }).run();
      } catch (error) {
        return brokenDown(error, request, modelName);
      } finally {
        deadline.stop();
      }
    },
  };
}

/** A fault of our own is no decision either: the turn is tried again, and a person sees why. */
function brokenDown(error: unknown, request: AgentRequest, model: string): AgentResult {
  const kind = error instanceof Error ? error.name : typeof error;
  getLogger("agent").error("agent broke down on {conversation}: {kind}", { conversation: request.contact.id, kind });
  const reason = `the agent broke down (${kind})`;
  return { kind: "failed", reason, trace: { ...emptyTrace(model), error: reason } };
}
