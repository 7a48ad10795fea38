/** The life of one outbound item. Its states are drawn in docs/architecture.md. */
import type { Attempt, Message, OutboundItem, SendError } from "@/store/records.ts";
import { type Change, withConversation, withItem, withMessages } from "@/conversation/aggregate.ts";
import { addMs, latest } from "@/conversation/due_time.ts";
import { foldMessage } from "@/conversation/fold_message.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { noteLastMessage } from "@/conversation/last_message.ts";
import { unwantedFollowUp } from "@/conversation/follow_up.ts";
import { cancelRest, headItem, itemDueAt, planSends } from "@/conversation/outbound_items.ts";
import type { Settings } from "@/conversation/settings.ts";
import { botMaySend, personMaySend } from "@/conversation/window.ts";

/** Whether an item may be begun now, or how it ends instead. */
export type SendGate =
  | { readonly kind: "go" }
  | { readonly kind: "cancelled" | "expired"; readonly reason: string };

/** The last look before a POST (C11, C13): whoever decided, this is checked again here. */
export function sendGate(change: Change, item: OutboundItem, settings: Settings, now: Date): SendGate {
  const { conversation, contact } = change.next;
  if (item.origin.kind === "operator") {
    if (personMaySend(conversation, item.tag, now)) return { kind: "go" };
    return { kind: "expired", reason: "Instagram's time for answering is over" };
  }
  if (handlerAt(conversation, now).kind === "person") return { kind: "cancelled", reason: "a person took over" };
  if (contact.optOut) return { kind: "cancelled", reason: "the contact asked not to be written to" };
  if (contact.neverBot) return { kind: "cancelled", reason: "the bot never answers this contact" };
  if (!settings.botEnabled) return { kind: "cancelled", reason: "the bot is switched off" };
  const unwanted = unwantedFollowUp(change, item, settings);
  if (unwanted !== undefined) return { kind: "cancelled", reason: unwanted };
  if (!botMaySend(conversation, now)) return { kind: "expired", reason: "Instagram's 24 h window is closed" };
  return { kind: "go" };
}

/** Ends an item that the gate stopped, and the parts behind it. Changes nothing when it waits no longer. */
export function stopItem(
  change: Change,
  item: OutboundItem,
  stop: { kind: "cancelled" | "expired"; reason: string },
  now: Date,
): Change {
  if (stateOf(change, item) !== "queued") return change;
  const stopped = withItem(change, { ...item, state: stop.kind, reason: stop.reason, updatedAt: now });
  return planSends(cancelRest(stopped, item, stop.reason, now));
}

/** The state of the item as it is now: the caller may have read it before somebody else moved it on. */
function stateOf(change: Change, { id, attempt }: OutboundItem): OutboundItem["state"] | undefined {
  return change.next.outbound.find((item) => item.id === id && item.attempt === attempt)?.state;
}

/**
 * Writes the intent: the item is `sending`, its attempt counted, before the POST is made (C8). Answers
 * undefined when the item is not the one that is due now.
 */
export function beginSend(
  change: Change,
  itemId: string,
  options: { now: Date; requestMs: number },
): Change | undefined {
  const { now, requestMs } = options;
  const head = headItem(change.next.outbound);
  const { lastSendAt, rev } = change.next.conversation;
  if (head?.id !== itemId || head.state !== "queued" || itemDueAt(head, lastSendAt) > now) return undefined;
  const attempt: Attempt = { number: head.attempt + 1, startedAt: now, rev };
  const item: OutboundItem = {
    ...head,
    state: "sending",
    attempt: attempt.number,
    deadlineAt: addMs(now, requestMs),
    reason: undefined,
    attempts: [...head.attempts, attempt],
    updatedAt: now,
  };
  return planSends(withItem(change, item));
}

/** What became of a POST, already judged by the retry policy. */
export type SendResult =
  | { readonly kind: "sent"; readonly mid: string }
  /** Surely not delivered and worth another try; `spent: false` does not count the attempt. */
  | { readonly kind: "retry"; readonly at: Date; readonly spent: boolean; readonly error: SendError }
  | { readonly kind: "failed" | "expired"; readonly reason: string; readonly error: SendError }
  /** Perhaps delivered: not sent again before it is settled. */
  | { readonly kind: "uncertain"; readonly settleAt: Date; readonly error: SendError };

export interface RecordOptions {
  readonly itemId: string;
  /** The attempt that the result is of; a result of another is stale. */
  readonly attempt: number;
  /** Rows that the store has under the sent message's mid. */
  readonly rows: readonly Message[];
  readonly settings: Settings;
  readonly now: Date;
}

/** Records what became of a POST. Answers undefined when the item has moved on since. */
export function recordSend(change: Change, result: SendResult, options: RecordOptions): Change | undefined {
  const { itemId, attempt, rows, settings, now } = options;
  const item = change.next.outbound.find(({ id }) => id === itemId);
  const isAwaited = item?.attempt === attempt && (item.state === "sending" || item.state === "uncertain");
  if (item === undefined || !isAwaited) return undefined;
  switch (result.kind) {
    case "sent":
      return markSent(change, item, { mid: result.mid, sentAt: now, evidence: "answer", rows, settings, now });
    case "retry":
      return planSends(withItem(change, {
        ...endAttempt(item, { outcome: result.spent ? "notSent" : "throttled", error: result.error }, now),
        state: "queued",
        spent: result.spent ? item.spent + 1 : item.spent,
        notBefore: result.at,
        reason: result.error.message,
      }));
    case "failed":
    case "expired": {
      const ended = endAttempt(item, { outcome: "refused", error: result.error }, now);
      const refused = withItem(change, { ...ended, state: result.kind, reason: result.reason });
      return planSends(cancelRest(refused, item, "the part before it was not delivered", now));
    }
    case "uncertain":
      return planSends(withItem(change, {
        ...endAttempt(item, { outcome: "unknown", error: result.error }, now),
        state: "uncertain",
        settleAt: result.settleAt,
        reason: result.error.message,
      }));
  }
}

/** A POST whose process died or hung: past its deadline nobody knows what became of it. Changes no other state. */
export function timeOutSend(change: Change, item: OutboundItem, options: { now: Date; settleMs: number }): Change {
  const { now, settleMs } = options;
  if (stateOf(change, item) !== "sending") return change;
  const error: SendError = { message: "no answer came in time" };
  return planSends(withItem(change, {
    ...endAttempt(item, { outcome: "unknown", error }, now),
    state: "uncertain",
    settleAt: addMs(item.deadlineAt ?? now, settleMs),
    reason: error.message,
  }));
}

/** What reading the thread said about an uncertain item. */
export type Finding =
  | { readonly kind: "delivered"; readonly mid: string; readonly at: Date }
  | { readonly kind: "absent" }
  /** Absent, although Instagram's answer said that it was taken. */
  | { readonly kind: "acceptedButAbsent" }
  | { readonly kind: "several" }
  /** Too many newer messages stand in the thread: Instagram shows no older ones, now and ever. */
  | { readonly kind: "outOfReach" }
  | { readonly kind: "unreadable"; readonly retryAt: Date; readonly message: string };

/** Times that reading the thread may fail before a person is asked. */
const maxSettleTries = 10;

/** POSTs of unknown outcome that an item may have had before a person is asked (C7). */
const maxUnknownAttempts = 2;

/** Settles an uncertain item by what stands in the thread. Changes nothing when it was settled meanwhile. */
export function settleSend(
  change: Change,
  item: OutboundItem,
  finding: Finding,
  options: { rows: readonly Message[]; settings: Settings; now: Date },
): Change {
  const { now } = options;
  if (stateOf(change, item) !== "uncertain") return change;
  switch (finding.kind) {
    case "delivered":
      return markSent(change, item, { mid: finding.mid, sentAt: finding.at, evidence: "readBack", ...options });
    case "absent":
      return releaseOrHold(change, item, now);
    case "acceptedButAbsent":
      return holdItem(change, item, "Instagram accepted it, but it is not in the thread", now);
    case "several":
      return holdItem(change, item, "the thread holds the text more than once", now);
    case "outOfReach":
      return holdItem(change, item, "more was written since than Instagram shows", now);
    case "unreadable": {
      const settleTries = (item.settleTries ?? 0) + 1;
      if (settleTries >= maxSettleTries) {
        return holdItem(change, item, `the thread could not be read: ${finding.message}`, now);
      }
      return planSends(withItem(change, { ...item, settleTries, settleAt: finding.retryAt, updatedAt: now }));
    }
  }
}

/**
 * The text is not in the thread: the bot tries once more, unless the contact wrote on meanwhile, as a late answer
 * twice is worse than one. A person's text waits for the person's word.
 */
function releaseOrHold(change: Change, item: OutboundItem, now: Date): Change {
  const unknown = item.attempts.filter(({ outcome }) => outcome === "unknown" || outcome === "notDelivered").length;
  if (item.origin.kind === "operator" || unknown >= maxUnknownAttempts) {
    return holdItem(change, item, "Instagram did not say whether it arrived, and it is not in the thread", now);
  }
  if (item.attempts.at(-1)?.rev !== change.next.conversation.rev) {
    return holdItem(change, item, "it may not have arrived, and the contact wrote on meanwhile", now);
  }
  const checked = endAttempt(item, { outcome: "notDelivered", evidence: "readBack" }, now);
  return planSends(
    withItem(change, {
      ...checked,
      state: "queued",
      spent: item.spent + 1,
      notBefore: now,
      settleAt: undefined,
      settleTries: undefined,
    }),
  );
}

function holdItem(change: Change, item: OutboundItem, reason: string, now: Date): Change {
  const held = withItem(change, { ...item, state: "held", reason, settleAt: undefined, updatedAt: now });
  return planSends(cancelRest(held, item, "the part before it may not have arrived", now));
}

export interface SentOptions {
  /** Absent when only a person's word says that it arrived. */
  readonly mid?: string;
  readonly sentAt: Date;
  readonly evidence: NonNullable<Attempt["evidence"]>;
  readonly rows: readonly Message[];
  readonly settings: Settings;
  readonly now: Date;
}

/** The item is with the contact: into the history, and the cooldown counts from here. */
export function markSent(change: Change, item: OutboundItem, options: SentOptions): Change {
  const { mid, sentAt, evidence, rows, settings, now } = options;
  const sent: OutboundItem = {
    ...endAttempt(item, { outcome: "sent", evidence }, now),
    state: "sent",
    mid,
    sentAt,
    reason: undefined,
    settleAt: undefined,
  };
  const message = foldMessage(sentMessage(sent, { ...options, echoAt: evidence === "echo" ? now : undefined }), rows);
  const recorded = noteLastMessage(withMessages(withItem(change, sent), [message]), message);
  const { conversation } = recorded.next;
  const sentOnce = withConversation(recorded, { lastSendAt: latest(conversation.lastSendAt, sentAt), updatedAt: now });
  return planSends(item.origin.kind !== "operator" ? countCooldown(sentOnce, sentAt, settings.cooldownMs) : sentOnce);
}

function countCooldown(change: Change, sentAt: Date, cooldownMs: number): Change {
  const { lastBotAt, lastBotSentAt } = change.next.conversation;
  const botAt = latest(lastBotAt, sentAt);
  return withConversation(change, {
    lastBotAt: botAt,
    lastBotSentAt: latest(lastBotSentAt, sentAt),
    cooldownUntil: addMs(botAt, cooldownMs),
  });
}

/** The id of a sent text's row while Instagram's name for it is not known. */
export function namelessId({ accountId, id }: Pick<OutboundItem, "accountId" | "id">): string {
  return `${accountId}:out:${id}`;
}

/** The row of a text that Moca sent. */
export function sentMessage(
  item: OutboundItem,
  { mid, sentAt, echoAt, now }: Pick<SentOptions, "mid" | "sentAt" | "now"> & { readonly echoAt?: Date },
): Message {
  const { origin } = item;
  return {
    id: mid === undefined ? namelessId(item) : `${item.accountId}:msg:${mid}`,
    accountId: item.accountId,
    conversationId: item.conversationId,
    mid,
    role: "assistant",
    author: origin.kind === "operator" ? "operator" : "bot",
    kind: "text",
    text: item.text,
    attachments: [],
    standby: false,
    test: false,
    at: sentAt,
    receivedAt: now,
    source: "send",
    ...(item.quickReplies === undefined ? {} : { quickReplies: item.quickReplies }),
    outboundId: item.id,
    echoAt,
    ...(origin.kind === "operator" ? { operator: origin.operator, turnId: origin.turnId } : { turnId: origin.turnId }),
  };
}

function endAttempt(item: OutboundItem, end: Pick<Attempt, "outcome" | "evidence" | "error">, now: Date): OutboundItem {
  const last = item.attempts.at(-1);
  const times = last?.endedAt === undefined ? { endedAt: now } : { settledAt: now };
  const attempts = last === undefined ? [] : [...item.attempts.slice(0, -1), { ...last, ...end, ...times }];
  return { ...item, attempts, deadlineAt: undefined, updatedAt: now };
}
