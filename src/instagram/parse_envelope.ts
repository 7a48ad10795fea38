import type { InboundEvent } from "@/conversation/event.ts";
import { eventTime } from "@/instagram/parse/instant.ts";
import { itemHash } from "@/instagram/parse/item_hash.ts";
import { readItem } from "@/instagram/parse/read_item.ts";
import { type Item, itemShape } from "@/instagram/parse/shapes.ts";
import { type RawItem, walkItems } from "@/instagram/parse/walk_items.ts";

/**
 * What one webhook request holds. `skipped` counts items that belong to no conversation: comments, mentions,
 * items that name nobody. `dead`: nothing can be read, now or later; `reason` says why, in words.
 */
export type ParsedEnvelope =
  | { readonly kind: "events"; readonly events: readonly InboundEvent[]; readonly skipped: number }
  | { readonly kind: "dead"; readonly reason: string };

/**
 * Turns the bytes of a webhook request into events. Never throws: what is not understood becomes an event of
 * kind `unknown`, and spoils nothing beside it. `receivedAt` bounds what is believed of Instagram's times.
 */
export function parseEnvelope(body: Uint8Array, receivedAt: Date): ParsedEnvelope {
  const json = parseJson(body);
  if (json === undefined) return { kind: "dead", reason: "it is not JSON" };
  const walk = walkItems(json.value);
  if (walk.kind === "dead") return walk;
  const events = walk.items.map((raw) => raw && toEvent(raw, receivedAt)).filter((event) => event !== undefined);
  return { kind: "events", events, skipped: walk.items.length - events.length };
}

/** Bytes that are no UTF-8 become U+FFFD, so that one bad text does not cost the others. */
function parseJson(body: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder().decode(body)) };
  } catch {
    return undefined;
  }
}

/** Undefined when the item does not say whose conversation it belongs to. */
function toEvent(raw: RawItem, receivedAt: Date): InboundEvent | undefined {
  const { data: item } = itemShape.safeParse(raw.value);
  if (item === undefined) return undefined;
  const route = routeOf(raw, item);
  if (route === undefined) return undefined;
  const content = readItem(item, { psid: route.psid, hash: () => itemHash(raw.value) });
  return {
    ...route,
    ...content,
    attachments: content.attachments ?? [],
    at: eventTime([item.timestamp, raw.entryTime], receivedAt),
    standby: raw.standby,
    test: isTest(raw, item),
    source: "webhook",
  };
}

/**
 * Which account and contact, and which way. The account is `entry.id`, else the recipient of what comes in
 * and the sender of an echo. What the account itself sent is an echo whether it is marked as one or not: taken
 * for a contact's message it would be answered, for ever.
 */
function routeOf(raw: RawItem, item: Item): Pick<InboundEvent, "accountId" | "psid" | "direction"> | undefined {
  const { sender, recipient, message, postback } = item;
  const marked = raw.echo || item.is_self || postback?.is_self || message?.is_echo || message?.is_self;
  const accountId = raw.entryId ?? (marked ? sender?.id : recipient?.id);
  if (accountId === undefined) return undefined;
  const isOwn = marked || sender?.id === accountId;
  const [near, far] = isOwn ? [recipient?.id, sender?.id] : [sender?.id, recipient?.id];
  const psid = near === accountId ? far : near;
  return psid === undefined ? undefined : { accountId, psid, direction: isOwn ? "out" : "in" };
}

/** The "Test" button of Meta's dashboard sends these made-up ids. */
function isTest(raw: RawItem, item: Item): boolean {
  const isSample = item.sender?.id === "12334" && item.recipient?.id === "23245";
  return raw.entryId === "0" || item.message?.mid === "random_mid" || isSample;
}
