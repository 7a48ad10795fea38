/** The history as people see it: what was said, and in its place what waits to be said or could not be. */
import { isContent } from "@/conversation/event.ts";
import type { ConversationId, Message, OutboundItem, OutboundState } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export type HistoryEntry =
  | { readonly kind: "message"; readonly at: Date; readonly message: Message }
  | { readonly kind: "unsent"; readonly at: Date; readonly item: OutboundItem };

export interface HistoryQuery {
  /** As answered by the page after it. */
  readonly before?: string;
  /** Messages in the page; unsent items stand between them and do not count. */
  readonly limit: number;
  /** Also what is only about other messages: edits, signs, receipts. */
  readonly events: boolean;
}

export interface HistoryPage {
  /** Newest last. */
  readonly entries: readonly HistoryEntry[];
  readonly nextCursor?: string;
}

type HistoryStore = Pick<Store, "messages" | "outbound">;

/** Every state but `sent`, whose message is in the history itself. */
const unsent: readonly OutboundState[] = ["queued", "sending", "uncertain", "held", "failed", "expired", "cancelled"];

/** One page of the history, with the items that were queued in the time that it covers. */
export async function readHistory(store: HistoryStore, id: ConversationId, query: HistoryQuery): Promise<HistoryPage> {
  const after = parseCursor(query.before);
  const { messages, nextCursor } = await readMessages(store, id, { ...query, before: after?.cursor });
  const oldestAt = messages[0]?.at;
  const from = nextCursor === undefined ? undefined : oldestAt;
  const items = await readUnsent(store, id, { from, to: after?.at });
  const entries = [
    ...messages.map((message): HistoryEntry => ({ kind: "message", at: message.at, message })),
    ...items.map((item): HistoryEntry => ({ kind: "unsent", at: item.createdAt, item })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  const isLast = nextCursor === undefined || oldestAt === undefined;
  return isLast ? { entries } : { entries, nextCursor: `${oldestAt.getTime()}.${nextCursor}` };
}

/** `<oldest instant of the page after, in ms>.<the store's own cursor>`. */
function parseCursor(text: string | undefined): { at: Date; cursor: string } | undefined {
  const [, ms, cursor] = text?.match(/^(\d{1,15})\.(.+)$/s) ?? [];
  return ms === undefined || cursor === undefined ? undefined : { at: new Date(Number(ms)), cursor };
}

/** Whether `before` is one that `readHistory` answered. */
export function isHistoryCursor(text: string): boolean {
  return parseCursor(text) !== undefined;
}

async function readMessages(
  { messages }: HistoryStore,
  id: ConversationId,
  { before, limit, events }: HistoryQuery,
): Promise<{ messages: readonly Message[]; nextCursor?: string }> {
  let found: readonly Message[] = [];
  let cursor = before;
  do {
    const page = await messages.page(id, { before: cursor, limit: limit - found.length });
    found = [...page.items.filter(({ kind }) => events || isContent(kind)), ...found];
    cursor = page.nextCursor;
  } while (cursor !== undefined && found.length < limit);
  return { messages: found, nextCursor: cursor };
}

/** The items that were queued in `[from, to)`, oldest first. */
async function readUnsent(
  { outbound }: HistoryStore,
  id: ConversationId,
  { from, to }: { from?: Date; to?: Date },
): Promise<readonly OutboundItem[]> {
  const found: OutboundItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await outbound.list({ conversationId: id, state: unsent, limit: 200, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && !isBefore(found.at(-1)?.createdAt, from));
  const covered = found.filter(({ createdAt }) =>
    !isBefore(createdAt, from) && (to === undefined || isBefore(createdAt, to))
  );
  return covered.reverse();
}

function isBefore(at: Date | undefined, limit: Date | undefined): boolean {
  return at !== undefined && limit !== undefined && at < limit;
}
