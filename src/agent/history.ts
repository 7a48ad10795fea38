import type { Message } from "@/store/records.ts";
import { isContent } from "@/conversation/event.ts";
import { asData, describeMessage } from "@/agent/describe_message.ts";
import { stamp } from "@/agent/local_time.ts";
import { compose, type Composed, type Part, type PromptMessage, saidBy } from "@/agent/prompt_message.ts";

/** Estimated tokens that the history may take; older messages are left out and their number is told. */
export const historyTokens = 6_000;

/** About how many tokens a text has: one for each three UTF-8 bytes, which is rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 3);
}

/**
 * What came before the burst, oldest first: the contact and the team in frames, the bot's own answers as the
 * assistant's. Where the team handed back, a note says so, so that an old hand-off does not go on working.
 */
export function historyMessages(history: readonly Message[], timeZone: string): readonly PromptMessage[] {
  const shown = history.filter(isShown);
  const entries = shown.map((message, index) => entryOf(message, shown[index + 1], timeZone));
  const kept = newestWithin(entries, historyTokens);
  const left = entries.length - kept.length;
  const isOpening = kept.length > 0 && kept[0]?.role === "assistant";
  if (left === 0 && !isOpening) return kept;
  const note = left > 0 ? `${left} earlier messages are not shown.` : "The business wrote first.";
  return [{ role: "user", text: `<note>${note}</note>` }, ...kept];
}

function isShown(message: Message): boolean {
  return message.role !== "system" && !message.test && isContent(message.kind);
}

/** The bot's own, or a draft of its that a person let out. */
export function isBotsAnswer({ author, turnId }: Message): boolean {
  return author === "bot" || (author === "operator" && turnId !== undefined);
}

function isTeam(message: Message | undefined): boolean {
  return message?.author === "instagramApp" || (message?.author === "operator" && !isBotsAnswer(message));
}

function entryOf(message: Message, next: Message | undefined, timeZone: string): PromptMessage {
  const at = stamp(message.at, timeZone);
  if (isTeam(message)) return { role: "user", ...teamText(message, next, at) };
  if (message.role === "assistant") {
    return { role: "assistant", ...compose([saidBy(message, asData(message.text ?? ""))]) };
  }
  const words = saidBy(message, describeMessage(message));
  return { role: "user", ...compose([`<message at="${at}">`, words, "</message>"]) };
}

/** A person's words; after the last of them, before the bot's next or the burst, that the person has left. */
function teamText(message: Message, next: Message | undefined, at: string): Composed {
  const words = saidBy(message, describeMessage(message));
  const framed: Part[] = [`<team_message at="${at}">`, words, "</team_message>"];
  const isHandedBack = next === undefined || isBotsAnswer(next);
  if (!isHandedBack) return compose(framed);
  const note = `<note>The team has given the conversation back to you after ${at}. What it settled is settled.</note>`;
  return compose([...framed, `\n${note}`]);
}

function newestWithin(entries: readonly PromptMessage[], tokens: number): readonly PromptMessage[] {
  let left = tokens;
  const index = entries.findLastIndex(({ text }) => {
    left -= estimateTokens(text);
    return left < 0;
  });
  return entries.slice(index + 1);
}
