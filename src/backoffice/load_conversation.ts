/** Reads all that a conversation's page shows. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { personMaySend } from "@/conversation/window.ts";
import { buildTimeline } from "@/backoffice/timeline.ts";
import type { Turn } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { ComposerData } from "@views/parts/composer.ts";
import { contactName } from "@views/parts/person.ts";
import type { TimelineData } from "@views/parts/timeline.ts";

/** Messages on one page of a timeline. */
const pageSize = 50;

export interface LoadedTimeline {
  readonly timeline: TimelineData;
  /** The newest decision, when it is a draft that nobody has used or overtaken. */
  readonly drafts: readonly Turn[];
}

/** A page of the timeline; the newest one unless `before` names another. */
export async function loadTimeline(
  store: Store,
  aggregate: Aggregate,
  { before }: { before?: string },
): Promise<LoadedTimeline> {
  const { id } = aggregate.conversation;
  const [page, queue] = await Promise.all([
    store.messages.page(id, { before, limit: pageSize }),
    store.outbound.list({ conversationId: id, limit: 100 }),
  ]);
  const named = [
    ...page.items.map(({ turnId }) => turnId),
    ...queue.items.map(({ origin }) => origin.kind === "operator" ? undefined : origin.turnId),
  ];
  const turns = await store.turns.byIds([...new Set(named.filter((turnId) => turnId !== undefined))]);
  const isNewest = before === undefined;
  const entries = buildTimeline({
    aggregate,
    messages: page.items,
    turns,
    items: queue.items,
    isNewest,
    now: store.now(),
  });
  const timeline = {
    conversationId: id,
    contactName: contactName(aggregate.contact),
    entries,
    earlierHref: page.nextCursor === undefined ? undefined : `?before=${encodeURIComponent(page.nextCursor)}`,
    withActions: true,
  };
  return { timeline, drafts: openDrafts(aggregate, turns) };
}

function openDrafts({ conversation, debounce }: Aggregate, turns: readonly Turn[]): readonly Turn[] {
  const newest = turns.find(({ id }) => id === conversation.lastTurn?.id);
  const isOpen = newest?.outcome.kind === "drafted" && debounce.pending.length === 0 &&
    conversation.lastMessage?.role === "user" && conversation.state !== "closed";
  return isOpen ? [newest] : [];
}

/** A fresh composer: a new command id, and whether anybody may write. */
export function makeComposer(
  { conversation, contact }: Aggregate,
  { now, text = "", problem }: { now: Date; text?: string; problem?: string },
): ComposerData {
  const isOpen = personMaySend(conversation, undefined, now);
  const isPersons = personMaySend(conversation, "HUMAN_AGENT", now);
  return {
    conversationId: conversation.id,
    contactName: contactName(contact),
    commandId: crypto.randomUUID(),
    window: isOpen ? "open" : isPersons ? "person" : "closed",
    windowClosesAt: conversation.windowClosesAt,
    takesOver: handlerAt(conversation, now).kind === "bot",
    text,
    problem,
  };
}
