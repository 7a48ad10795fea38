import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";

/** What the demo model makes of the prompt that every model gets. */
export interface DemoScene {
  /** The burst's messages, oldest first. */
  readonly texts: readonly string[];
  /** Lines of the business's knowledge. */
  readonly knowledge: readonly string[];
  /** There are documents to look things up in. */
  readonly hasDocuments: boolean;
  /** The account's language, for texts that tell none. */
  readonly language: "en" | "es";
  /** The bot's last answer; absent before the first. */
  readonly lastAnswer?: string;
  /** What became of the calls made in this turn already, oldest first. */
  readonly results: readonly string[];
}

/** Reads the scene off the prompt; a prompt without a burst counts its last user message as one. */
export function readPrompt(messages: readonly BaseMessage[]): DemoScene {
  const index = messages.findLastIndex((message) => message instanceof HumanMessage && message.text.includes("<burst"));
  const asked = messages[index]?.text ?? messages.findLast((message) => message instanceof HumanMessage)?.text ?? "";
  const system = messages[0]?.text ?? "";
  const lastAnswer = messages.slice(0, Math.max(index, 0)).findLast((message) => message instanceof AIMessage)?.text;
  return {
    texts: burstTexts(asked),
    knowledge: between(system, "knowledge").split("\n").map((line) => line.trim()).filter((line) => line !== ""),
    hasDocuments: system.includes("\nDOCUMENTS that search_knowledge"),
    language: system.includes('in "es') ? "es" : "en",
    ...(lastAnswer === undefined ? {} : { lastAnswer }),
    results: messages.slice(index + 1).filter((message) => message instanceof ToolMessage).map(({ text }) => text),
  };
}

function burstTexts(asked: string): readonly string[] {
  const burst = asked.slice(Math.max(0, asked.lastIndexOf("<burst")));
  return [...burst.matchAll(/<message n="\d+"[^>]*>([^<]*)<\/message>/g)].map(([, text = ""]) => text.trim());
}

function between(text: string, tag: string): string {
  return new RegExp(`<${tag}>\\n([^]*?)\\n</${tag}>`).exec(text)?.[1] ?? "";
}
