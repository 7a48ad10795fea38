/** Reads all that a conversation's page shows. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import { personMaySend } from "@/conversation/window.ts";
import { answersOf, newestAt } from "@/backoffice/answers.ts";
import { readChanges } from "@/backoffice/change_entries.ts";
import { buildTimeline } from "@/backoffice/timeline.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
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
}

/** A page of the timeline. */
export async function loadTimeline(
  store: Store,
  aggregate: Aggregate,
  { before, since, unread = 0, newFrom }: TimelinePlace,
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
  const changes = await readChanges(store, id, { ...page, isNewest: before === undefined });
  const turns = await store.turns.byIds([...new Set(named.filter((turnId) => turnId !== undefined))]);
  const isNewest = before === undefined;
  const entries = buildTimeline({
    aggregate,
    messages: page.items,
    turns,
    items: queue.items,
    changes,
    isNewest,
    now: store.now(),
  });
  return {
    conversationId: id,
    contactName: contactName(aggregate.contact),
    entries,
    newFrom: newFrom ?? firstUnread(entries, unread),
    ...(isNewest ? { answeredAt: newestAt(answersOf(page.items, queue.items)) } : {}),
    earlierHref: page.nextCursor === undefined ? undefined : `?before=${encodeURIComponent(page.nextCursor)}`,
    since: page.items[0] && toCursor({ at: page.items[0].at.getTime(), id: page.items[0].id }),
    withActions: true,
  };
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
  return { items, nextCursor: toCursor({ at: items[0].at.getTime(), id: items[0].id }) };
}

/** The draft that waits in the conversation, and whether it may leave as it is. */
export function makeDraft({ conversation }: Aggregate, now: Date): DraftData | undefined {
  const { id, draft, windowClosesAt } = conversation;
  if (draft === undefined) return undefined;
  return { conversationId: id, draft, windowClosesAt, canSend: personMaySend(conversation, undefined, now) };
}
