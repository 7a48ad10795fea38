/** Reads all that a conversation's page shows. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import { personMaySend } from "@/conversation/window.ts";
import { answersOf, newestAt } from "@/backoffice/answers.ts";
import { buildTimeline } from "@/backoffice/timeline.ts";
import type { Store } from "@/store/store.ts";
import type { DraftData } from "@views/parts/draft.ts";
import { contactName } from "@views/parts/person.ts";
import type { TimelineData } from "@views/parts/timeline.ts";

/** Messages on one page of a timeline. */
const pageSize = 50;

/** A page of the timeline; the newest one unless `before` names another. */
export async function loadTimeline(
  store: Store,
  aggregate: Aggregate,
  { before }: { before?: string },
): Promise<TimelineData> {
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
  return {
    conversationId: id,
    contactName: contactName(aggregate.contact),
    entries,
    ...(isNewest ? { answeredAt: newestAt(answersOf(page.items, queue.items)) } : {}),
    earlierHref: page.nextCursor === undefined ? undefined : `?before=${encodeURIComponent(page.nextCursor)}`,
    withActions: true,
  };
}

/** The draft that waits in the conversation, and whether it may leave as it is. */
export function makeDraft({ conversation }: Aggregate, now: Date): DraftData | undefined {
  const { id, draft, windowClosesAt } = conversation;
  if (draft === undefined) return undefined;
  return { conversationId: id, draft, windowClosesAt, canSend: personMaySend(conversation, undefined, now) };
}
