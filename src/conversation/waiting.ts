import type { Conversation } from "@/store/records.ts";

/** From when the contact has waited for a person: since it was asked for one, else since its newest message. */
export function waitsSince({ handler, lastUserAt, createdAt }: Conversation): Date {
  return handler.kind === "person" && handler.needed ? handler.since : lastUserAt ?? createdAt;
}

/** Whether a person is needed: while it is a person's, somebody must come; or what the bot would say waits for one. */
export function needsPerson(conversation: Conversation, now: Date): boolean {
  const { handler, draft, windowNoticeAt } = conversation;
  if (draft !== undefined || windowNoticeAt !== undefined) return true;
  return handler.kind === "person" && handler.until.getTime() > now.getTime() && callsPerson(conversation);
}

/**
 * While it is a person's: whether it was handed off and nobody has come, or the contact has the last word; what a person
 * wrote has it once it is sent.
 */
export function callsPerson(
  { handler, state, lastMessage }: Pick<Conversation, "handler" | "state" | "lastMessage">,
): boolean {
  if (handler.kind === "bot") return false;
  return handler.needed || (state !== "closed" && lastMessage?.role === "user");
}

/** Whether the contact has the next word: it is open, and the last one was ours. */
export function isAnswered({ state, lastMessage }: Conversation): boolean {
  return state !== "closed" && lastMessage?.role === "assistant";
}
