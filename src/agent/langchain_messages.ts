import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { CallResult } from "@/agent/judge_calls.ts";
import type { PromptMessage } from "@/agent/prompt.ts";

/** The most that the model is shown again of text that it wrote in the wrong place. */
const maxRepeated = 1_000;

/** The prompt as LangChain's messages; the pictures, by their addresses, stand with the last of them, the burst. */
export function promptMessages(prompt: readonly PromptMessage[], pictures: readonly string[] = []): BaseMessage[] {
  return prompt.map(({ role, text }, index) => {
    if (pictures.length > 0 && index === prompt.length - 1) return withPictures(text, pictures);
    switch (role) {
      case "system":
        return new SystemMessage(text);
      case "user":
        return new HumanMessage(text);
      case "assistant":
        return new AIMessage(text);
    }
  });
}

function withPictures(text: string, pictures: readonly string[]): HumanMessage {
  const shown = pictures.map((url) => ({ type: "image_url" as const, image_url: { url } }));
  return new HumanMessage({ content: [{ type: "text", text }, ...shown] });
}

/**
 * The model's calls and what became of them. They are written anew with ids of our own: a provider refuses a
 * result without its call, a name with odd characters, or an id that comes twice.
 */
export function callMessages(results: readonly CallResult[]): BaseMessage[] {
  const numbered = results.map((result) => ({
    ...result,
    id: `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`,
  }));
  const calls = numbered.map(({ id, call }) => ({
    id,
    name: /^[\w-]{1,64}$/.test(call.name) ? call.name : "unknown",
    args: { ...call.args },
    type: "tool_call" as const,
  }));
  return [
    new AIMessage({ content: "", tool_calls: calls }),
    ...numbered.map(({ id, result }) => new ToolMessage({ tool_call_id: id, content: result })),
  ];
}

/** Text that the model wrote where nobody reads it, and the note that says so. */
export function textMessages(text: string, problem: string): BaseMessage[] {
  return [new AIMessage(text.slice(0, maxRepeated)), new HumanMessage(`<note>${problem}</note>`)];
}
