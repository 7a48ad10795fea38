import type { CommittedTurn, Conversation, OutboundItem, PendingMessage, Turn } from "@/store/records.ts";
import { type Change, withConversation, withDebounce } from "@/conversation/aggregate.ts";
import { addMs, earliest, latest } from "@/conversation/due_time.ts";
import { comesAfter } from "@/conversation/fold_message.ts";
import { cancelItems, isBotItemNotBegun, isWaitingFollowUp, planSends } from "@/conversation/outbound_items.ts";

const wroteOn = "the contact wrote on before it left";
const waitedLong = "it had waited too long to be sent as it was: decided anew";

/**
 * Takes the newest turn back when the contact wrote on before any part of its answer began to leave: its
 * messages are pending again and the next turn, with the same number, answers all of them (C12). A turn that
 * the starvation guard forced stays.
 */
export function pullBackTurn(change: Change, cooldownMs: number, now: Date): Change {
  const turn = change.next.conversation.lastTurn;
  if (turn === undefined || isNextBegun(change, turn.number)) return change;
  if (change.next.conversation.draft?.turnId === turn.id) return pullBackDraft(change, turn, now);
  return takeBack(change, turn, { reason: wroteOn, cooldownMs, now }) ?? change;
}

/**
 * Takes the turn back that the item is the first word of, when it was decided before `before`: what it says about hours,
 * stock or a person on duty may be wrong by now. The next decision is forced, since the contact has waited long, so it
 * is not taken back again. Undefined: the item may be sent.
 */
export function takeBackStale(
  change: Change,
  item: OutboundItem,
  { before, cooldownMs, now }: { readonly before: Date; readonly cooldownMs: number; readonly now: Date },
): Change | undefined {
  const turn = change.next.conversation.lastTurn;
  const isFirstWord = item.origin.kind === "turn" && item.origin.turnId === turn?.id && isBotItemNotBegun(item);
  if (turn === undefined || !isFirstWord || item.createdAt >= before || isNextBegun(change, turn.number)) {
    return undefined;
  }
  const takenBack = takeBack(change, turn, { reason: waitedLong, cooldownMs, now });
  return takenBack && withDebounce(takenBack, { dueAt: now });
}

interface TakeBackOptions {
  readonly reason: string;
  readonly cooldownMs: number;
  readonly now: Date;
}

/** Undefined when the turn stays: it was forced, or a word of it has begun to leave. */
function takeBack(
  change: Change,
  turn: CommittedTurn,
  { reason, cooldownMs, now }: TakeBackOptions,
): Change | undefined {
  if (turn.forced) return undefined;
  const parts = change.next.outbound.filter(({ origin }) => origin.kind === "turn" && origin.turnId === turn.id);
  const hasFirst = parts.some(({ origin }) => origin.kind === "turn" && origin.part === 1);
  if (!hasFirst || !parts.every(isBotItemNotBegun)) return undefined;
  const withoutItems = cancelItems(change, [...parts, ...plannedBy(change, turn)], reason, now);
  const { lastBotSentAt } = change.next.conversation;
  const restored = withConversation(withoutItems, {
    lastTurn: undefined,
    nextTurn: turn.number,
    lastBotAt: lastBotSentAt,
    cooldownUntil: lastBotSentAt && addMs(lastBotSentAt, cooldownMs),
  });
  const pending = mergePending(turn.pending, change.next.debounce.pending);
  const arrivals = pending.map(({ receivedAt }) => receivedAt);
  return planSends(withDebounce(restored, {
    pending,
    firstAt: arrivals.reduce<Date | undefined>((first, at) => earliest(first, at), undefined),
    lastAt: arrivals.reduce<Date | undefined>((last, at) => latest(last, at), undefined),
    supersedes: turn.supersedes + 1,
  }));
}

/**
 * Takes a draft back that waits for a person: it answers less than what is there now. Its messages may be old, so
 * they do not count as waiting since they came.
 */
function pullBackDraft(change: Change, turn: CommittedTurn, now: Date): Change {
  const withoutPlans = cancelItems(change, plannedBy(change, turn), wroteOn, now);
  const restored = withConversation(withoutPlans, { draft: undefined, lastTurn: undefined, nextTurn: turn.number });
  const pending = mergePending(turn.pending, change.next.debounce.pending);
  return planSends(withDebounce(restored, { pending }));
}

/** The follow-ups of the turn that wait. */
function plannedBy(change: Change, turn: CommittedTurn): readonly OutboundItem[] {
  return change.next.outbound.filter((item) =>
    isWaitingFollowUp(item) && item.origin.kind === "followUp" && item.origin.turnId === turn.id
  );
}

/** The turn as it stands: one that was pulled back, and is not decided anew yet, answered nothing. */
export function asItStands(turn: Turn, { nextTurn }: Pick<Conversation, "nextTurn">): Turn {
  if (turn.number < nextTurn) return turn;
  return {
    ...turn,
    outcome: { ...turn.outcome, kind: "pulledBack", reason: "it was taken back before it left", by: "core" },
  };
}

/** Whether the turn after number `number` is being decided: its number is then taken. */
function isNextBegun(change: Change, number: number): boolean {
  const { snapshot } = change.next.debounce;
  return snapshot !== undefined && snapshot.turnNumber > number;
}

/** Both lists as one, each message once, in order of Instagram's time. */
export function mergePending(
  some: readonly PendingMessage[],
  more: readonly PendingMessage[],
): readonly PendingMessage[] {
  const byId = new Map([...some, ...more].map((message) => [message.messageId, message]));
  return [...byId.values()].sort((a, b) =>
    comesAfter({ at: a.at, id: a.messageId }, { at: b.at, id: b.messageId }) ? 1 : -1
  );
}
