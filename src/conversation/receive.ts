import type { Message, OutboundItem, PendingMessage } from "@/store/records.ts";
import { type Change, withConversation, withDebounce, withMessages } from "@/conversation/aggregate.ts";
import { earliest, latest, turnDueAt } from "@/conversation/due_time.ts";
import { type InboundEvent, isContent } from "@/conversation/event.ts";
import { forgetInAggregate, takenBackOf } from "@/conversation/forget.ts";
import { eraseText, foldMessage } from "@/conversation/fold_message.ts";
import { dropAnswered } from "@/conversation/follow_up.ts";
import { noteLastMessage } from "@/conversation/last_message.ts";
import { planSends } from "@/conversation/outbound_items.ts";
import { mergePending, pullBackTurn } from "@/conversation/pull_back.ts";
import { noteEcho, receiveEcho } from "@/conversation/receive_echo.ts";
import type { Settings } from "@/conversation/settings.ts";
import { opensWindow, windowEnd } from "@/conversation/window.ts";

export interface ReceiveOptions {
  readonly settings: Settings;
  readonly now: Date;
  /** The conversation's items that ended lately, `sent` or `cancelled`, of which a copy may still come. Default none. */
  readonly ended?: readonly OutboundItem[];
}

/**
 * Takes one event into the conversation. The same events in any order, any number of times and in any
 * grouping end in the same state (C3).
 *
 * `known` holds the rows that the store has under the event's own id, and those that share a message id with
 * it; rows which this change has added already are found by themselves.
 */
export function receive(
  change: Change,
  event: InboundEvent,
  known: readonly Message[],
  options: ReceiveOptions,
): Change {
  const rows = overlay(known, change.messages);
  const id = messageId(event);
  const own = rows.find((row) => row.id === id || isFoundAlready(row, event) || isNamedLate(row, event));
  if (own !== undefined) return event.direction === "out" ? noteEcho(change, own, event, options.now) : change;
  if (event.direction === "out" && isContent(event.kind)) return receiveEcho(change, event, rows, options);
  if (isContent(event.kind)) return receiveContent(change, event, rows, options);
  return receiveAboutMessage(change, event, rows, options);
}

/** A thread does not tell a tapped button from a text, so what was found in it goes by its message id alone. */
function isFoundAlready(row: Message, { mid, kind }: InboundEvent): boolean {
  return row.source === "backfill" && mid !== undefined && row.mid === mid && isContent(kind);
}

/** What a person said had arrived has a row of its own before its message id is known. */
function isNamedLate(row: Message, { mid, kind }: InboundEvent): boolean {
  return row.source === "send" && mid !== undefined && row.mid === mid && isContent(kind);
}

/** The row id of an event. */
export function messageId(event: Pick<InboundEvent, "accountId" | "key">): string {
  return `${event.accountId}:${event.key}`;
}

function receiveContent(
  change: Change,
  event: InboundEvent,
  rows: readonly Message[],
  options: ReceiveOptions,
): Change {
  const message = foldMessage(toMessage(event, options.now), rows);
  const pulled = dropAnswered(pullBackTurn(change, options.settings.cooldownMs, options.now), options.now);
  const { conversation } = pulled.next;
  const touched = withConversation(withMessages(pulled, [message]), {
    rev: conversation.rev + 1,
    state: "open",
    unread: conversation.unread + 1,
    lastUserAt: latest(conversation.lastUserAt, event.at),
    windowClosesAt: opensWindow(event.kind)
      ? latest(conversation.windowClosesAt, windowEnd(event.at))
      : conversation.windowClosesAt,
    windowNoticeAt: opensWindow(event.kind) ? undefined : conversation.windowNoticeAt,
    updatedAt: options.now,
  });
  const pending: PendingMessage = { messageId: message.id, at: message.at, receivedAt: options.now };
  return planSends(noteLastMessage(addPending(touched, pending, options), message));
}

/** Puts a message among those that the next turn answers and sets when that turn is due. */
function addPending(change: Change, message: PendingMessage, { settings, now }: ReceiveOptions): Change {
  const { debounce } = change.next;
  const firstAt = earliest(debounce.firstAt, message.receivedAt);
  const lastAt = latest(debounce.lastAt, message.receivedAt);
  return withDebounce(change, {
    pending: mergePending(debounce.pending, [message]),
    firstAt,
    lastAt,
    dueAt: latest(turnDueAt(firstAt, lastAt, settings), now),
    attempts: 0,
  });
}

/** An edit, an unsend, a sign, a receipt: kept as a row, and shown on the message that it is about. */
function receiveAboutMessage(
  change: Change,
  event: InboundEvent,
  rows: readonly Message[],
  { settings, now }: ReceiveOptions,
): Change {
  const row = toMessage(event, now);
  const all = [...rows, row];
  const targets = rows.filter(({ mid }) => mid !== undefined && mid === event.refMid);
  const folded = targets.map((target) => foldMessage(target, all));
  const siblings = all.filter(({ refMid }) => refMid !== undefined && refMid === event.refMid);
  const about = siblings.some(({ kind }) => kind === "unsend") ? siblings.map(eraseText) : [row];
  const written = folded.reduce(noteLastMessage, withMessages(change, [...about, ...folded]));
  const forgotten = event.kind === "unsend" ? forgetInAggregate(written, takenBackOf(targets, rows)) : written;
  const stirred = withConversation(forgotten, { updatedAt: now });
  if (event.direction === "out" || (event.kind !== "edit" && event.kind !== "unsend")) return stirred;
  return sayingChanged(stirred, targets, { settings, now });
}

/** What the contact said is different now: a draft on it is void, an answer not begun is taken back. */
function sayingChanged(change: Change, targets: readonly Message[], { settings, now }: ReceiveOptions): Change {
  const revised = withConversation(change, { rev: change.next.conversation.rev + 1 });
  const answered = change.next.conversation.lastTurn?.pending ?? [];
  const isAnswered = targets.some(({ id }) => answered.some(({ messageId }) => messageId === id));
  const pulled = isAnswered ? pullBackTurn(revised, settings.cooldownMs, now) : revised;
  const { debounce } = pulled.next;
  const isPending = debounce.pending.some(({ messageId }) => targets.some(({ id }) => id === messageId));
  if (!isPending) return pulled;
  const firstAt = debounce.firstAt ?? now;
  return withDebounce(pulled, { firstAt, lastAt: now, dueAt: latest(turnDueAt(firstAt, now, settings), now) });
}

/** The row of an event. */
export function toMessage(event: InboundEvent, now: Date): Message {
  const { accountId, psid } = event;
  const isOwn = event.direction === "out";
  return {
    id: messageId(event),
    accountId,
    conversationId: `${accountId}_${psid}`,
    mid: event.mid,
    refMid: event.refMid,
    role: isContent(event.kind) ? (isOwn ? "assistant" : "user") : "system",
    author: isOwn ? "instagramApp" : "contact",
    kind: event.kind,
    text: event.text,
    attachments: event.attachments,
    replyTo: event.replyTo,
    payload: event.payload,
    referral: event.referral,
    reaction: event.reaction,
    editNumber: event.editNumber,
    standby: event.standby,
    test: event.test,
    at: event.at,
    receivedAt: now,
    source: event.source,
    ...(event.answeredAt === undefined ? {} : { answeredAt: event.answeredAt }),
  };
}

function overlay(known: readonly Message[], added: readonly Message[]): readonly Message[] {
  const byId = new Map([...known, ...added].map((message) => [message.id, message]));
  return [...byId.values()];
}
