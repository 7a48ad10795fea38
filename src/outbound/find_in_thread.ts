import { addMs } from "@/conversation/due_time.ts";
import { sameWords } from "@/conversation/same_words.ts";
import type { Finding } from "@/conversation/send.ts";
import { type ThreadMessage, threadReach } from "@/instagram/client_thread.ts";
import type { Message, OutboundItem } from "@/store/records.ts";

/** Instagram's clock and ours may differ by so much when a message is matched with a send. */
const skewMs = 5_000;

/** Instagram's answer to these says that the text was taken, whatever the thread shows. */
const sentAlthoughError = 1_357_046;

/** The messages of a thread that may be the item: its words, from the business, not older than its first open try. */
export function candidatesFor(item: OutboundItem, messages: readonly ThreadMessage[]): readonly ThreadMessage[] {
  const since = earliestMatch(item);
  return messages.filter(({ at, fromId, text }) => at >= since && fromId !== item.psid && sameWords(text, item.text));
}

/**
 * What a thread says about an item whose outcome is open. `known` holds the rows that the store has under the
 * candidates' mids: a message that belongs to another item is no proof for this one.
 */
export function findInThread(
  item: OutboundItem,
  messages: readonly ThreadMessage[],
  known: readonly Message[],
): Finding {
  const bound = new Set(known.filter(({ outboundId }) => outboundId !== undefined).map(({ mid }) => mid));
  const [match, ...more] = candidatesFor(item, messages).filter(({ mid }) => !bound.has(mid));
  if (more.length > 0) return { kind: "several" };
  if (match !== undefined) return { kind: "delivered", mid: match.mid, at: match.at };
  const oldest = messages[threadReach - 1];
  if (oldest !== undefined && oldest.at >= earliestMatch(item)) return { kind: "outOfReach" };
  return wasAccepted(item) ? { kind: "acceptedButAbsent" } : { kind: "absent" };
}

function earliestMatch({ attempts, updatedAt }: OutboundItem): Date {
  const open = attempts.find(({ outcome }) => outcome === "unknown" || outcome === "notDelivered");
  return addMs(open?.startedAt ?? updatedAt, -skewMs);
}

function wasAccepted({ attempts }: OutboundItem): boolean {
  const error = attempts.at(-1)?.error;
  return error?.subcode === sentAlthoughError || (error?.status !== undefined && error.status < 300);
}
