import { addMs } from "@/conversation/due_time.ts";
import type { PastTurn } from "@/rules/rewind/past_turn.ts";
import type { Contact, ConversationId, Message, Turn } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export type PastStore = Pick<Store, "turns" | "messages" | "conversations" | "knowledge">;

/** Turns read at once. */
const pageSize = 200;

/** Messages before a burst that are read. */
const historyLength = 40;

/** Contacts remembered, so that a lively conversation is not loaded again for each of its turns. */
const maxContacts = 2_000;

/** A turn, and where it has come to; `past` is absent when rules never saw it or nothing of it is left. */
export interface ReadTurn {
  readonly turn: Omit<Turn, "agent">;
  readonly past?: () => Promise<PastTurn | undefined>;
}

/** The account's turns since an instant, oldest first, page by page. */
export async function* readPast(
  { accountId, since }: { readonly accountId: string; readonly since: Date },
  store: PastStore,
): AsyncGenerator<readonly ReadTurn[]> {
  const contacts = new Map<ConversationId, Contact | undefined>();
  let cursor: string | undefined;
  do {
    const page = await store.turns.past({ accountId, since, limit: pageSize, cursor });
    const rows = await store.messages.byIds(page.items.flatMap(({ messageIds }) => messageIds));
    const messages = new Map(rows.map((row) => [row.id, row]));
    if (contacts.size > maxContacts) contacts.clear();
    yield page.items.map((turn) => readTurn(turn, messages, contacts, store));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** Where one turn came to; undefined when rules never saw it or nothing of it is left. */
export async function readPastTurn(turn: ReadTurn["turn"], store: PastStore): Promise<PastTurn | undefined> {
  const rows = await store.messages.byIds(turn.messageIds);
  return await readTurn(turn, new Map(rows.map((row) => [row.id, row])), new Map(), store).past?.();
}

function readTurn(
  turn: ReadTurn["turn"],
  rows: ReadonlyMap<string, Message>,
  contacts: Map<ConversationId, Contact | undefined>,
  store: PastStore,
): ReadTurn {
  const { situation, conversationId } = turn;
  const messages = turn.messageIds.flatMap((id) => rows.get(id) ?? []);
  if (situation === undefined || messages.length === 0) return { turn };
  const past = async (): Promise<PastTurn | undefined> => {
    const contact = contacts.get(conversationId) ?? (await store.conversations.load(conversationId))?.contact;
    contacts.set(conversationId, contact);
    if (contact === undefined) return undefined;
    const limit = historyLength + messages.length;
    const { items } = await store.messages.page(conversationId, { before: addMs(situation.at, 1), limit });
    return { turn, situation, messages, history: items, contact };
  };
  return { turn, past };
}
