import type { Conversation, ConversationId, OutboundItem, OutboundOrigin } from "@/store/records.ts";
import { type Aggregate, type Change, withConversation, withItem } from "@/conversation/aggregate.ts";
import { addMs, earliest, latest } from "@/conversation/due_time.ts";
import { isTooLate, noticeDueAt } from "@/conversation/window.ts";

/** Instagram may slow down a thread that gets texts faster; its number is not published. */
export const threadGapMs = 1_200;

export interface NewItems {
  readonly texts: readonly string[];
  readonly origin: (part: number, parts: number) => OutboundOrigin;
  readonly tag?: "HUMAN_AGENT";
  /** Shown below the last text. */
  readonly quickReplies?: readonly string[];
  /** When the first may be begun. Default: now. */
  readonly notBefore?: Date;
}

/** The id of a conversation's outbound item number `seq`. */
export function outboundId(id: ConversationId, seq: number): string {
  return `${id}_o${seq}`;
}

/** Queues texts, in order, behind whatever waits already. */
export function enqueue(change: Change, items: NewItems, now: Date): Change {
  let result = change;
  for (const [index, text] of items.texts.entries()) {
    const { id, accountId, psid, nextSeq } = result.next.conversation;
    const item: OutboundItem = {
      id: outboundId(id, nextSeq),
      conversationId: id,
      accountId,
      psid,
      seq: nextSeq,
      origin: items.origin(index + 1, items.texts.length),
      text,
      ...(items.tag === undefined ? {} : { tag: items.tag }),
      ...(items.quickReplies !== undefined && index === items.texts.length - 1
        ? { quickReplies: items.quickReplies }
        : {}),
      state: "queued",
      attempt: 0,
      spent: 0,
      notBefore: items.notBefore ?? now,
      attempts: [],
      createdAt: now,
      updatedAt: now,
    };
    result = withConversation(withItem(result, item), { nextSeq: nextSeq + 1 });
  }
  return planSends(result);
}

/** Whether the item is the bot's and no POST for it was ever begun. */
export function isBotItemNotBegun(item: OutboundItem): boolean {
  return item.origin.kind === "turn" && item.state === "queued" && item.attempt === 0;
}

/** Whether the item is a follow-up that waits for its time. */
export function isWaitingFollowUp({ origin, state }: OutboundItem): boolean {
  return origin.kind === "followUp" && state === "queued";
}

/** Cancels what the bot has not begun to send; what is on its way is left to end. */
export function cancelBotItems(change: Change, reason: string, now: Date): Change {
  const isBots = ({ origin, state }: OutboundItem): boolean => origin.kind !== "operator" && state === "queued";
  return planSends(cancelItems(change, change.next.outbound.filter(isBots), reason, now));
}

/** Cancels the items as they are given; the caller plans the sends. */
export function cancelItems(change: Change, items: readonly OutboundItem[], reason: string, now: Date): Change {
  return items.reduce((next, item) => withItem(next, { ...item, state: "cancelled", reason, updatedAt: now }), change);
}

/**
 * The item that the queue has to do with next: the one under way, else the oldest that waits, else the follow-up
 * that is due first. (A retried item is older than the one under way, and yet must not overtake it.)
 */
export function headItem(outbound: readonly OutboundItem[]): OutboundItem | undefined {
  return outbound.find(({ state }) => state === "sending" || state === "uncertain") ??
    outbound.find(({ state, origin }) => state === "queued" && origin.kind !== "followUp") ??
    outbound.filter(isWaitingFollowUp).toSorted((a, b) => a.notBefore.getTime() - b.notBefore.getTime())[0];
}

/** Cancels the later parts of the same answer: they make no sense without this one (C9). */
export function cancelRest(change: Change, item: OutboundItem, reason: string, now: Date): Change {
  const rest = change.next.outbound.filter((other) =>
    other.seq > item.seq && other.state === "queued" && isSameAnswer(other, item)
  );
  return cancelItems(change, rest, reason, now);
}

function isSameAnswer(a: OutboundItem, b: OutboundItem): boolean {
  if (a.origin.kind === "turn" && b.origin.kind === "turn") return a.origin.turnId === b.origin.turnId;
  if (a.origin.kind === "operator" && b.origin.kind === "operator") return a.origin.commandId === b.origin.commandId;
  return false;
}

/** Brings the conversation's `dueAt` and `state` in line with its items. Every function that touches an item ends with it. */
export function planSends(change: Change): Change {
  const { conversation, outbound } = change.next;
  const head = headItem(outbound);
  const dueAt = head === undefined ? undefined : lookAt(head, conversation);
  const state = stateWithFollowUps(change.next);
  const windowNoticeAt = outbound.some(mayBeTooLate) ? conversation.windowNoticeAt : undefined;
  const isSame = conversation.dueAt?.getTime() === dueAt?.getTime() && conversation.state === state &&
    conversation.windowNoticeAt === windowNoticeAt;
  return isSame ? change : withConversation(change, { dueAt, state, windowNoticeAt });
}

/** When the queue must look at the item: when it is due, or when people must be told that this is too late. */
function lookAt(head: OutboundItem, conversation: Conversation): Date {
  const at = itemDueAt(head, conversation.lastSendAt);
  const isAnswer = head.state === "queued" && head.tag === undefined && head.origin.kind !== "followUp";
  return isAnswer && isTooLate(conversation, at) ? earliest(noticeDueAt(conversation), at) : at;
}

function mayBeTooLate({ state, origin }: OutboundItem): boolean {
  return state === "expired" || state === "sending" || state === "uncertain" ||
    (state === "queued" && origin.kind !== "followUp");
}

/** Tells people, once, that an answer waits and the window closes soon; before that it changes nothing. */
export function noteWindowEnd(change: Change, now: Date): Change {
  const at = noticeDueAt(change.next.conversation);
  if (at === undefined || at > now) return change;
  return planSends(withConversation(change, { windowNoticeAt: now, updatedAt: now }));
}

/** `scheduled` for as long as a follow-up or a deferred answer waits; a closed conversation stays closed. */
function stateWithFollowUps({ conversation: { state }, debounce, outbound }: Aggregate): Conversation["state"] {
  if (state === "open" && outbound.some(isWaitingFollowUp)) return "scheduled";
  const waits = debounce.deferral !== undefined || outbound.some(isWaitingFollowUp);
  return state === "scheduled" && !waits ? "open" : state;
}

/** When the item may be gone on with. */
export function itemDueAt(item: OutboundItem, lastSendAt: Date | undefined): Date {
  switch (item.state) {
    case "sending":
      return item.deadlineAt ?? item.updatedAt;
    case "uncertain":
      return item.settleAt ?? item.updatedAt;
    default:
      return latest(lastSendAt && addMs(lastSendAt, threadGapMs), item.notBefore);
  }
}
