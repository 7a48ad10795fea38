import type { Message, OutboundItem } from "@/store/records.ts";
import { type Change, withConversation, withMessages } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { foldMessage } from "@/conversation/fold_message.ts";
import { takeOver } from "@/conversation/handler.ts";
import { noteLastMessage } from "@/conversation/last_message.ts";
import { echoSkewMs, endedItemOf, noteLateCopy } from "@/conversation/late_copy.ts";
import { type ReceiveOptions, toMessage } from "@/conversation/receive.ts";
import { sameWords } from "@/conversation/same_words.ts";
import { markSent } from "@/conversation/send.ts";

/**
 * Takes the copy of a message that the business's side sent. The echo of a send whose outcome is open settles
 * it, also a late one of a send that a person settled meanwhile; any other was typed by a person in the Instagram app
 * and gives the conversation to that person. (The echo of a send already recorded meets its own row: see `noteEcho`.)
 */
export function receiveEcho(
  change: Change,
  event: InboundEvent,
  rows: readonly Message[],
  options: ReceiveOptions,
): Change {
  const { settings, now, ended = [] } = options;
  const { mid } = event;
  if (mid !== undefined) {
    const item = itemOfEcho(change.next.outbound, event);
    const evidence = event.source === "backfill" ? "readBack" : "echo";
    if (item !== undefined) return markSent(change, item, { mid, sentAt: event.at, evidence, rows, settings, now });
    const late = endedItemOf(ended, event);
    if (late !== undefined) return noteLateCopy(change, late, { ...event, mid }, rows, options);
  }
  return takeTyped(change, event, rows, options);
}

/** A person typed it in the Instagram app. */
function takeTyped(
  change: Change,
  event: InboundEvent,
  rows: readonly Message[],
  { settings, now }: ReceiveOptions,
): Change {
  const message = foldMessage(toMessage(event, now), rows);
  const written = noteLastMessage(withMessages(change, [message]), message);
  const stirred = withConversation(written, { updatedAt: now });
  if (event.standby || event.test) return stirred;
  const by = "instagram-app";
  const reason = "somebody answered in the Instagram app";
  const alone = withConversation(stirred, { draft: undefined });
  return takeOver(alone, { by, reason, needed: false, at: event.at, takeoverHours: settings.takeoverHours }, now);
}

/** Keeps when the copy of a recorded send came: proof from Instagram's own side. */
export function noteEcho(change: Change, row: Message, event: InboundEvent, now: Date): Change {
  const isFirst = row.source === "send" && row.echoAt === undefined && event.source === "webhook";
  return isFirst ? withMessages(change, [{ ...row, echoAt: now }]) : change;
}

/** The item whose echo this is: the one on its way, else one that was given up without knowing (C14). */
function itemOfEcho(outbound: readonly OutboundItem[], event: InboundEvent): OutboundItem | undefined {
  const candidates = outbound.filter((item) => isEchoOf(item, event));
  return candidates.find(isOnItsWay) ?? candidates.find(isGivenUp);
}

function isOnItsWay({ state }: OutboundItem): boolean {
  return state === "sending" || state === "uncertain";
}

/** Held or queued again after a POST of which nobody learned what became of it. */
function isGivenUp({ state, attempts }: OutboundItem): boolean {
  const outcome = attempts.at(-1)?.outcome;
  return (state === "held" || state === "queued") && (outcome === "unknown" || outcome === "notDelivered");
}

/** Whether the echo can be that of the item: same words, not older than its POST. */
function isEchoOf(item: OutboundItem, event: InboundEvent): boolean {
  const begunAt = item.attempts.at(-1)?.startedAt ?? item.updatedAt;
  return sameWords(item.text, event.text ?? "") && event.at >= addMs(begunAt, -echoSkewMs);
}
