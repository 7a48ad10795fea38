import type { Conversation } from "@/store/records.ts";

/** From when the contact has waited for a person: since it was asked for one, else since its newest message. */
export function waitsSince({ handler, lastUserAt, createdAt }: Conversation): Date {
  return handler.kind === "person" && handler.needed ? handler.since : lastUserAt ?? createdAt;
}

/** Whether a person is needed: it was handed off and nobody has come, or what the bot would say waits for one. */
export function needsPerson({ handler, draft, windowNoticeAt }: Conversation, now: Date): boolean {
  if (draft !== undefined || windowNoticeAt !== undefined) return true;
  return handler.kind === "person" && handler.needed && handler.until.getTime() > now.getTime();
}

/** Whether the contact has the next word: it is open, and the last one was ours. */
export function isAnswered({ state, lastMessage }: Conversation): boolean {
  return state !== "closed" && lastMessage?.role === "assistant";
}
