/** Puts messages, decisions and outbound items of a conversation in one order. Pure. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import { isContent } from "@/conversation/event.ts";
import type { AuditEntry, Message, OutboundItem, Turn } from "@/store/records.ts";
import type { TurnCourse, TurnSend } from "@views/parts/turn_course.ts";
import { type Decision, entryAt, type TimelineEntry } from "@views/parts/timeline.ts";

export interface TimelineSource {
  readonly aggregate: Aggregate;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Those that the messages and items name. */
  readonly turns: readonly Turn[];
  readonly items: readonly OutboundItem[];
  /** What people changed meanwhile, newest first. */
  readonly changes: readonly AuditEntry[];
  /** True when the messages are the newest of the conversation. */
  readonly isNewest: boolean;
  readonly now: Date;
}

/** The history as entries, oldest first. What was said about a message already shows on it is left out. */
export function buildTimeline(source: TimelineSource): readonly TimelineEntry[] {
  const turns = new Map(source.turns.map((turn) => [turn.id, turn]));
  const messages = source.messages.flatMap((message) => messageEntry(source, turns, message));
  const items = source.items.filter((item) => isShown(source, item)).map((item) => ({
    kind: "item" as const,
    item,
    turn: item.origin.kind === "operator" ? undefined : turns.get(item.origin.turnId),
  }));
  const changes = source.changes.map((entry) => ({ kind: "change" as const, entry })).toReversed();
  return [...messages, ...items, ...changes].sort(inOrder);
}

function inOrder(a: TimelineEntry, b: TimelineEntry): number {
  const byTime = entryAt(a).getTime() - entryAt(b).getTime();
  if (byTime !== 0) return byTime;
  if (a.kind === "item" && b.kind === "item") return a.item.seq - b.item.seq;
  return Number(a.kind === "item") - Number(b.kind === "item");
}

/** Items that are not messages yet, within the stretch of time that the page of messages covers. */
function isShown({ messages, isNewest }: TimelineSource, item: OutboundItem): boolean {
  if (item.state === "sent") return false;
  const first = messages[0]?.at;
  const last = messages.at(-1)?.at;
  const isBefore = first !== undefined && item.createdAt < first;
  const isAfter = last !== undefined && item.createdAt > last;
  return !isBefore && (isNewest || !isAfter);
}

function messageEntry(
  source: TimelineSource,
  turns: ReadonlyMap<string, Turn>,
  message: Message,
): readonly TimelineEntry[] {
  const turn = message.turnId === undefined ? undefined : turns.get(message.turnId);
  if (message.role === "assistant") return [{ kind: "outbound", message, turn }];
  if (message.role === "user") return [{ kind: "inbound", message, decision: decisionOn(source, turn, message) }];
  if (message.kind === "note") return [{ kind: "note", message }];
  const isAboutShown = message.refMid !== undefined && source.messages.some(({ mid }) => mid === message.refMid);
  return isAboutShown || message.kind === "seen" ? [] : [{ kind: "system", message }];
}

/** What became of a contact's message, or what it waits for. */
function decisionOn(source: TimelineSource, turn: Turn | undefined, message: Message): Decision {
  const { debounce } = source.aggregate;
  const isPending = debounce.pending.some(({ messageId }) => messageId === message.id);
  if (isPending) return waitingFor(source, message);
  if (turn !== undefined) {
    const isLast = lastOfTurn(source.messages, turn) === message.id;
    return isLast ? { kind: "decided", turn, course: courseOf(source, turn) } : { kind: "together", turn };
  }
  if (message.standby) return { kind: "notAsked", why: "standby" };
  return { kind: "notAsked", why: message.test ? "test" : "history" };
}

function courseOf({ messages, items }: TimelineSource, { messageIds, outboundIds }: Turn): TurnCourse {
  const sends = outboundIds.flatMap((id): readonly TurnSend[] => {
    const item = items.find((one) => one.id === id);
    if (item !== undefined) return [{ itemId: id, state: item.state, sentAt: item.sentAt }];
    const sent = messages.find(({ outboundId }) => outboundId === id);
    return sent === undefined ? [] : [{ itemId: id, state: "sent", sentAt: sent.at }];
  });
  return { messages: messages.filter(({ id }) => messageIds.includes(id)), sends };
}

/** The decision stands under the last message of its burst that is on the page. */
function lastOfTurn(messages: readonly Message[], turn: Turn): string | undefined {
  return messages.findLast(({ id, kind }) => isContent(kind) && turn.messageIds.includes(id))?.id;
}

function waitingFor({ aggregate, now }: TimelineSource, message: Message): Decision {
  const { debounce } = aggregate;
  const isThoughtAbout = debounce.snapshot?.pending.some(({ messageId }) => messageId === message.id) ?? false;
  if (isThoughtAbout || debounce.dueAt === undefined || debounce.dueAt <= now) return { kind: "thinking" };
  return { kind: "waiting", until: debounce.dueAt, reason: debounce.deferral?.reason };
}
