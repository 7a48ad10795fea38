/** The life of a draft: it waits for a person, who sends, edits or discards it; the contact's writing takes it back. */
import type { DraftReview, OutboundOrigin, Turn, WaitingDraft } from "@/store/records.ts";
import { type Change, withAudit, withConversation } from "@/conversation/aggregate.ts";
import type { ActOptions } from "@/conversation/operator.ts";
import { enqueue } from "@/conversation/outbound_items.ts";
import { personMaySend } from "@/conversation/window.ts";

export interface DraftUse {
  /** The draft that the person saw. */
  readonly draftId: string;
  /** The turn that wrote it, as the store has it; absent when it is kept no longer. */
  readonly turn?: Turn;
  readonly commandId: string;
  readonly bodyHash: string;
}

export interface DraftSend extends DraftUse {
  /** What goes out, one part each, at most 1,000 UTF-8 bytes; absent: as it was drafted. */
  readonly texts?: readonly string[];
  readonly tag?: "HUMAN_AGENT";
}

/** `overtaken`: it waits no longer, because the contact wrote on or somebody used it. */
export type DraftOutcome =
  | { readonly kind: "queued"; readonly change: Change; readonly outboundIds: readonly string[] }
  | { readonly kind: "discarded"; readonly change: Change }
  | { readonly kind: "windowClosed" | "overtaken" };

/**
 * Queues a draft, as it is or with a person's words. It is the person's message, who answers for it; the
 * conversation stays the bot's, which goes on drafting.
 */
export function sendDraft(change: Change, send: DraftSend, { operator, now }: ActOptions): DraftOutcome {
  const { conversation } = change.next;
  const { draft, nextSeq } = conversation;
  if (draft?.id !== send.draftId) return { kind: "overtaken" };
  if (!personMaySend(conversation, send.tag, now)) return { kind: "windowClosed" };
  const texts = send.texts ?? draft.texts;
  const verdict = isSameText(texts, draft.texts) ? "unchanged" : "edited";
  const reviewed = reviewDraft(change, send.turn, { verdict, by: operator, at: now });
  const items = { texts, origin: originOf(draft, { operator, commandId: send.commandId }), tag: send.tag };
  const quickReplies = verdict === "unchanged" ? draft.quickReplies : undefined;
  const queued = enqueue(reviewed, { ...items, quickReplies }, now);
  const outboundIds = queued.next.outbound.filter(({ seq }) => seq >= nextSeq).map(({ id }) => id);
  const seen = withConversation(queued, { unread: 0, updatedAt: now });
  const result = { outboundId: outboundIds[0] };
  return {
    kind: "queued",
    outboundIds,
    change: withCommand(seen, send, { result, action: "draft.send", operator, now }),
  };
}

/** Takes a draft away unsent. */
export function discardDraft(change: Change, use: DraftUse, { operator, now }: ActOptions): DraftOutcome {
  if (change.next.conversation.draft?.id !== use.draftId) return { kind: "overtaken" };
  const reviewed = reviewDraft(change, use.turn, { verdict: "discarded", by: operator, at: now });
  const stirred = withConversation(reviewed, { updatedAt: now });
  const result = { discarded: true };
  return { kind: "discarded", change: withCommand(stirred, use, { result, action: "draft.discard", operator, now }) };
}

/** Ends the waiting of a draft, if there is one, and writes down on its turn what a person made of it. */
export function reviewDraft(change: Change, turn: Turn | undefined, review: DraftReview): Change {
  const { draft } = change.next.conversation;
  if (draft === undefined) return change;
  const ended = withConversation(change, { draft: undefined });
  if (turn?.id !== draft.turnId) return ended;
  return { ...ended, turns: [...ended.turns.filter(({ id }) => id !== turn.id), { ...turn, review }] };
}

function originOf(
  { turnId }: WaitingDraft,
  by: { readonly operator: string; readonly commandId: string },
): (part: number, parts: number) => OutboundOrigin {
  return (part, parts) => ({ kind: "operator", ...by, part, parts, turnId });
}

/** However it is cut into parts, and whatever its spaces. */
function isSameText(a: readonly string[], b: readonly string[]): boolean {
  const whole = (texts: readonly string[]): string => texts.join(" ").replace(/\s+/g, " ").trim();
  return whole(a) === whole(b);
}

function withCommand(
  change: Change,
  { commandId, bodyHash }: DraftUse,
  { result, action, operator, now }: {
    readonly result: Readonly<Record<string, unknown>>;
    readonly action: string;
    readonly operator: string;
    readonly now: Date;
  },
): Change {
  const command = { id: commandId, conversationId: change.next.conversation.id, bodyHash, result, at: now };
  const audited = withAudit(change, { at: now, actor: operator, action, changes: {} });
  return { ...audited, commands: [...audited.commands, command] };
}
