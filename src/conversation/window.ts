import type { Conversation, MessageKind } from "@/store/records.ts";
import { addMs } from "@/conversation/due_time.ts";
import { isContent } from "@/conversation/event.ts";

/** Instagram lets a business answer for 24 h after the contact's last message (Messaging API, "Send messages"). */
export const windowMs = 24 * 3_600_000;

/** A person may answer for 7 days under Instagram's `HUMAN_AGENT` tag. */
export const humanAgentWindowMs = 7 * 24 * 3_600_000;

/** Nothing automatic is begun in the window's last minute: it could arrive after its end. */
export const windowMarginMs = 60_000;

/** Whether an event of this kind from the contact opens Instagram's window. */
export function opensWindow(kind: MessageKind): boolean {
  return isContent(kind);
}

/** When the window that a message opened closes. */
export function windowEnd(openedAt: Date): Date {
  return addMs(openedAt, windowMs);
}

/** So long before the window's end people are told of an answer that may leave too late. */
export const noticeLeadMs = 30 * 60_000;

/** When people are to be told that the window closes on what waits; absent when they were, or there is no window. */
export function noticeDueAt({ windowClosesAt, windowNoticeAt }: Conversation): Date | undefined {
  return windowClosesAt === undefined || windowNoticeAt !== undefined
    ? undefined
    : addMs(windowClosesAt, -noticeLeadMs);
}

/** Whether what begins to leave at `at` would be too late for the window. */
export function isTooLate({ windowClosesAt }: Conversation, at: Date): boolean {
  return windowClosesAt !== undefined && at >= addMs(windowClosesAt, -windowMarginMs);
}

/** Whether the bot may still begin to send. */
export function botMaySend(conversation: Conversation, now: Date): boolean {
  const closes = conversation.windowClosesAt;
  return closes !== undefined && closes.getTime() - windowMarginMs > now.getTime();
}

/** Whether a person may begin to send, with or without the `HUMAN_AGENT` tag. */
export function personMaySend(conversation: Conversation, tag: "HUMAN_AGENT" | undefined, now: Date): boolean {
  const closes = conversation.windowClosesAt;
  if (closes === undefined) return false;
  const limit = tag === undefined ? closes : addMs(closes, humanAgentWindowMs - windowMs);
  return limit.getTime() > now.getTime();
}
