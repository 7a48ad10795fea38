/** Reads all that a conversation's page shows. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import { personMaySend } from "@/conversation/window.ts";
import { answersOf, newestAt } from "@/backoffice/answers.ts";
import { readChanges } from "@/backoffice/change_entries.ts";
import { buildTimeline } from "@/backoffice/timeline.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { ConversationId, Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { withPart } from "@views/parts/address.ts";
import type { DraftData } from "@views/parts/draft.ts";
import { contactName } from "@views/parts/person.ts";
import type { TimelineData, TimelineEntry } from "@views/parts/timeline.ts";

/** Messages on one page of a timeline. */
const pageSize = 50;

/** Messages that a page may grow to while it is open. */
const maxShown = 200;

export interface TimelinePlace {
  /** Cursor of an earlier page; default: the newest one. */
  readonly before?: string;
  /** `since` of a page that is shown: the newest one then begins there again, so that nothing on it moves. */
  readonly since?: string;
  /** The contact's messages that nobody of the team had looked at before. */
  readonly unread?: number;
  /** `newFrom` of a page that is shown. */
  readonly newFrom?: string;
  /** Of the list beside it, from `?` on; default: there is none. */
  readonly query?: string;
}

/** A page of the timeline. */
export async function loadTimeline(
  store: Store,
  aggregate: Aggregate,
  { before, since, unread = 0, newFrom, query = "" }: TimelinePlace,
): Promise<TimelineData> {
  const { id } = aggregate.conversation;
  const [page, queue] = await Promise.all([
    readMessages(store, id, { before, since }),
    store.outbound.list({ conversationId: id, limit: 100 }),
  ]);
  const named = [
    ...page.items.map(({ turnId }) => turnId),
    ...queue.items.map(({ origin }) => origin.kind === "operator" ? undefined : origin.turnId),
  ];
  const isNewest = before === undefined;
  const changes = await readChanges(store, id, { ...page, isNewest });
  const turns = await store.turns.byIds([...new Set(named.filter((turnId) => turnId !== undefined))]);
  const entries = buildTimeline({
    aggregate,
    messages: page.items,
    turns,
    items: queue.items,
    changes,
    isNewest,
    now: store.now(),
  });
  const newest = isNewest
    ? { newFrom: newFrom ?? firstUnread(entries, unread), answeredAt: newestAt(answersOf(page.items, queue.items)) }
    : undefined;
  return {
    conversationId: id,
    contactName: contactName(aggregate.contact),
    entries,
    ...newest,
    earlier: earlierThan(page, `/admin/inbox/${encodeURIComponent(id)}`, { query, newest }),
    since: cursorOf(page.items[0]),
    withActions: true,
  };
}

/** The way to the messages before the page; above those of the newest page there is room for more. */
function earlierThan(
  { items, nextCursor }: MessagePage,
  path: string,
  { query, newest }: { readonly query: string; readonly newest?: Pick<TimelineData, "newFrom"> },
): TimelineData["earlier"] {
  if (nextCursor === undefined) return undefined;
  const hasRoom = newest !== undefined && items.length + pageSize <= maxShown;
  return {
    href: withPart(`${path}${query}`, "before", nextCursor),
    above: hasRoom ? withPart(`${path}/earlier${query}`, "new", newest.newFrom) : undefined,
  };
}

/** Where a page begins that shows as many earlier messages as fit a page above those from `since` on. */
export async function earlierSince(store: Store, id: ConversationId, since: string): Promise<string> {
  const { items } = await store.messages.page(id, { before: since, limit: pageSize });
  return cursorOf(items[0]) ?? since;
}

function cursorOf(message: Message | undefined): string | undefined {
  return message && toCursor({ at: message.at.getTime(), id: message.id });
}

/** Undefined when all that the page shows is unread: then there is nothing to tell it from. */
function firstUnread(entries: readonly TimelineEntry[], unread: number): string | undefined {
  const inbound = entries.filter((entry) => entry.kind === "inbound");
  const first = unread === 0 || unread > inbound.length ? undefined : inbound.at(-unread);
  return first === entries[0] ? undefined : first?.message.id;
}

interface MessagePage {
  /** Oldest first. */
  readonly items: readonly Message[];
  /** Of the page before it; absent when there is none. */
  readonly nextCursor?: string;
}

/** Goes back page after page to where the one that is shown begins. */
async function readMessages(store: Store, id: string, { before, since }: TimelinePlace): Promise<MessagePage> {
  const start = fromCursor(since);
  let page: MessagePage = await store.messages.page(id, { before, limit: pageSize });
  while (start !== undefined && page.nextCursor !== undefined && page.items.length < maxShown) {
    const first = fromCursor(page.nextCursor);
    if (first === undefined || first.at <= start.at) break;
    const earlier = await store.messages.page(id, { before: page.nextCursor, limit: pageSize });
    page = { ...earlier, items: [...earlier.items, ...page.items] };
  }
  const index = page.items.findIndex((message) => message.id === start?.id);
  if (index <= 0) return page;
  const items = page.items.slice(index);
  return { items, nextCursor: cursorOf(items[0]) };
}

/** The draft that waits in the conversation, and whether it may leave as it is; without the list beside it. */
export function makeDraft({ conversation }: Aggregate, now: Date): Omit<DraftData, "query"> | undefined {
  const { id, draft, windowClosesAt } = conversation;
  if (draft === undefined) return undefined;
  return { conversationId: id, draft, windowClosesAt, canSend: personMaySend(conversation, undefined, now) };
}
