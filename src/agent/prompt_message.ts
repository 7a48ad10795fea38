import type { Message, PromptLine, ShownMessage } from "@/store/records.ts";

/** One message of the prompt, in the provider's roles. */
export interface PromptMessage extends PromptLine {
  readonly role: "system" | "user" | "assistant";
}

/** Text of the prompt: our own, or what a message of the history says. */
export type Part = string | { readonly text: string; readonly messageId: string };

/** A text of which it is known where each message stands in it. */
export type Composed = Pick<PromptLine, "text" | "shows">;

/** What a message says, in the words given; one that was taken back says nothing that could still be erased. */
export function saidBy({ id, unsentAt }: Message, text: string): Part {
  return unsentAt === undefined ? { text, messageId: id } : text;
}

/** Puts parts one after the other. */
export function compose(parts: readonly Part[]): Composed {
  let text = "";
  const shows: ShownMessage[] = [];
  for (const part of parts) {
    const start = text.length;
    text += typeof part === "string" ? part : part.text;
    if (typeof part !== "string") shows.push({ messageId: part.messageId, start, end: text.length });
  }
  return { text, ...(shows.length === 0 ? {} : { shows }) };
}

/** Both texts as one, the second on a line of its own. */
export function joinLines(first: Composed, second: Composed): Composed {
  const offset = first.text.length + 1;
  const moved = (second.shows ?? []).map((one) => ({ ...one, start: one.start + offset, end: one.end + offset }));
  const shows = [...first.shows ?? [], ...moved];
  return { text: `${first.text}\n${second.text}`, ...(shows.length === 0 ? {} : { shows }) };
}
