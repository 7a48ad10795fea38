import type { PendingMessage } from "@/store/records.ts";
import { type Change, withConversation, withDebounce } from "@/conversation/aggregate.ts";
import { addMs, earliest, latest } from "@/conversation/due_time.ts";
import { comesAfter } from "@/conversation/fold_message.ts";
import { cancelItems, isBotItemNotBegun, isWaitingFollowUp, planSends } from "@/conversation/outbound_items.ts";

/**
 * Takes the newest turn back when the contact wrote on before any part of its answer began to leave: its
 * messages are pending again and the next turn, with the same number, answers all of them (C12). A turn that
 * the starvation guard forced stays.
 */
export function pullBackTurn(change: Change, cooldownMs: number, now: Date): Change {
  const turn = change.next.conversation.lastTurn;
  if (turn === undefined || turn.forced || isNextBegun(change, turn.number)) return change;
  const parts = change.next.outbound.filter(({ origin }) => origin.kind === "turn" && origin.turnId === turn.id);
  const hasFirst = parts.some(({ origin }) => origin.kind === "turn" && origin.part === 1);
  if (!hasFirst || !parts.every(isBotItemNotBegun)) return change;
  const planned = change.next.outbound.filter((item) =>
    isWaitingFollowUp(item) && item.origin.kind === "followUp" && item.origin.turnId === turn.id
  );
  const withoutItems = cancelItems(change, [...parts, ...planned], "the contact wrote on before it left", now);
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
