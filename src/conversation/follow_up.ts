/** Follow-ups: texts that a turn plans for later. One that waits is an outbound item, due at its `notBefore`. */
import { type Change, withItem } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { cancelItems, enqueue, isWaitingFollowUp, outboundId, planSends } from "@/conversation/outbound_items.ts";
import type { Settings } from "@/conversation/settings.ts";
import { windowMarginMs } from "@/conversation/window.ts";
import type { Conversation, OutboundItem } from "@/store/records.ts";

/** A text to write later. */
export interface FollowUpPlan {
  readonly at: Date;
  /** At most 1,000 UTF-8 bytes: one message. */
  readonly text: string;
  /** `rule:<name>` or `agent`. */
  readonly by: string;
  /** Why, in words, for people. */
  readonly why: string;
  /** True: it goes out although the contact wrote meanwhile, as a reminder they asked for. */
  readonly evenIfAnswered: boolean;
}

/**
 * Why a follow-up could never leave, in words; undefined when it may. One that waits for the contact's silence
 * must fall due before Instagram's window closes, as only the contact's writing opens it again.
 */
export function followUpObstacle(
  { windowClosesAt }: Pick<Conversation, "windowClosesAt">,
  { at, evenIfAnswered }: Pick<FollowUpPlan, "at" | "evenIfAnswered">,
): string | undefined {
  const isTooLate = windowClosesAt === undefined || at >= addMs(windowClosesAt, -windowMarginMs);
  return isTooLate && !evenIfAnswered ? "it would fall due after Instagram's 24 h window" : undefined;
}

/** Plans a turn's follow-ups. An earlier one by the same author makes room for the new one. */
export function planFollowUps(
  change: Change,
  { turnId, plans }: { readonly turnId: string; readonly plans: readonly FollowUpPlan[] },
  now: Date,
): Change {
  const authors = new Set(plans.map(({ by }) => by));
  const replaced = waiting(change).filter(({ origin }) => origin.kind === "followUp" && authors.has(origin.by));
  const emptied = cancelItems(change, replaced, "a newer follow-up took its place", now);
  return planSends(plans.reduce((next, plan) => planOne(next, turnId, plan, now), emptied));
}

function planOne(change: Change, turnId: string, { at, text, ...plan }: FollowUpPlan, now: Date): Change {
  const { id, nextSeq } = change.next.conversation;
  const origin = { kind: "followUp", turnId, ...plan } as const;
  const queued = enqueue(change, { texts: [text], origin: () => origin, notBefore: at }, now);
  const reason = followUpObstacle(change.next.conversation, { at, ...plan });
  const item = queued.next.outbound.find((one) => one.id === outboundId(id, nextSeq));
  if (reason === undefined || item === undefined) return queued;
  return withItem(queued, { ...item, state: "cancelled", reason });
}

/** Drops the follow-ups that were meant for a contact who stays silent: this one wrote. */
export function dropAnswered(change: Change, now: Date): Change {
  const answered = waiting(change).filter(({ origin }) => origin.kind === "followUp" && !origin.evenIfAnswered);
  return cancelItems(change, answered, "the contact wrote before it was due", now);
}

/** Why a follow-up that is due is not wanted any more, in words; undefined when it is, and for any other item. */
export function unwantedFollowUp(change: Change, { origin }: OutboundItem, settings: Settings): string | undefined {
  if (origin.kind !== "followUp") return undefined;
  if (change.next.conversation.state === "closed") return "the conversation was closed";
  if (settings.mode === "draft") return "the bot only drafts answers now";
  return settings.mode === "off" && origin.by === "agent" ? "the agent is switched off" : undefined;
}

function waiting(change: Change): readonly OutboundItem[] {
  return change.next.outbound.filter(isWaitingFollowUp);
}
