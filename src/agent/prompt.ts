import type { AgentRequest } from "@/agent/agent.ts";
import { burstText } from "@/agent/burst.ts";
import { asData } from "@/agent/describe_message.ts";
import { historyMessages } from "@/agent/history.ts";
import { instructions } from "@/agent/instructions.ts";
import { stamp } from "@/agent/local_time.ts";
import { joinLines, type PromptMessage } from "@/agent/prompt_message.ts";

export type { PromptMessage } from "@/agent/prompt_message.ts";

/**
 * What the model is shown of a request: the instructions, the history, the burst. User and assistant take
 * turns, as the chat templates of some models want it.
 */
export function buildPrompt(request: AgentRequest, canary: string): readonly PromptMessage[] {
  const messages: readonly PromptMessage[] = [
    ...historyMessages(request.history, request.settings.timezone),
    ...openMessages(request),
    { role: "user", ...burstText(request) },
  ];
  return [{ role: "system", ...instructions(request, canary) }, ...mergeNeighbours(messages)];
}

/** Our own messages that may not have arrived: the answer must read well in either case. */
function openMessages({ perhapsSent = [], settings }: AgentRequest): readonly PromptMessage[] {
  return perhapsSent.map(({ text, at }) => {
    const when = stamp(at, settings.timezone);
    const what = `Our message of ${when} may or may not have reached the contact: "${asData(text)}"`;
    return { role: "user", text: `<note>${what}. Answer so that it reads well in either case.</note>` };
  });
}

/** Joins messages of the same role that follow one another. */
function mergeNeighbours(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  return messages.reduce<readonly PromptMessage[]>((merged, message) => {
    const last = merged.at(-1);
    if (last?.role !== message.role) return [...merged, message];
    return [...merged.slice(0, -1), { role: last.role, ...joinLines(last, message) }];
  }, []);
}
