import type { Message, OutboundItem } from "@/store/records.ts";
import { type Change, withItem, withMessages } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { foldMessage } from "@/conversation/fold_message.ts";
import { noteLastMessage } from "@/conversation/last_message.ts";
import type { ReceiveOptions } from "@/conversation/receive.ts";
import { sameWords } from "@/conversation/same_words.ts";
import { markSent, sentMessage } from "@/conversation/send.ts";

/** Instagram's clock and ours may differ by so much when a copy is matched with a send. */
export const echoSkewMs = 5_000;

/** A POST that was not answered may be carried out so much later, and no later. */
const latestMs = 5 * 60_000;

/**
 * The item that had ended before Instagram's copy of it came: a person had said that it arrived, had given it up, or
 * had had it sent again, and of one of its POSTs nobody learned what became of it.
 */
export function endedItemOf(ended: readonly OutboundItem[], event: InboundEvent): OutboundItem | undefined {
  return ended.find((item) =>
    sameWords(item.text, event.text ?? "") && item.attempts.some((attempt) => {
      const isOpen = attempt.outcome === "unknown" || attempt.outcome === "notDelivered" ||
        attempt.evidence === "person";
      const { startedAt } = attempt;
      return isOpen && event.at >= addMs(startedAt, -echoSkewMs) && event.at <= addMs(startedAt, latestMs);
    })
  );
}

/** Writes down that the item's text is with the contact under the copy's message id. */
export function noteLateCopy(
  change: Change,
  item: OutboundItem,
  copy: InboundEvent & { readonly mid: string },
  rows: readonly Message[],
  { settings, now }: ReceiveOptions,
): Change {
  const { mid, at, source } = copy;
  const evidence = source === "backfill" ? "readBack" : "echo";
  if (item.state === "cancelled") return markSent(change, item, { mid, sentAt: at, evidence, rows, settings, now });
  const echoAt = evidence === "echo" ? now : undefined;
  const nameless = rows.find((row) => row.outboundId === item.id && row.mid === undefined);
  const row = nameless === undefined
    ? sentMessage(item, { mid, sentAt: at, echoAt, now })
    : { ...nameless, mid, echoAt };
  const message = foldMessage(row, rows);
  const written = noteLastMessage(withMessages(change, [message]), message);
  return item.mid === undefined ? withItem(written, { ...item, mid, updatedAt: now }) : written;
}
