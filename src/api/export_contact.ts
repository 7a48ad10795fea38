/** Everything that is kept about a contact, as one JSON document: for people who ask what a business knows of them. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import {
  type Json,
  presentAudit,
  presentContact,
  presentConversation,
  presentItem,
  presentMessage,
  presentTurn,
} from "@/api/presenters.ts";
import type { Store } from "@/store/store.ts";

type ExportStore = Pick<Store, "messages" | "turns" | "outbound" | "audit" | "now">;

/** Read at once, so that a long history is never in memory whole. */
const pageSize = 100;

/** The newest of the entries about a contact; there are a few for each thing that a person did. */
const maxAudit = 1_000;

/**
 * The document in pieces: `contact`, `conversation`, `messages`, `turns`, `outbound` and `audit`, lists newest first, as
 * the API shows each. Raw webhooks, which repeat the messages for some days, are left out, and so is what somebody is
 * typing at this moment.
 */
export async function* exportContact(store: ExportStore, aggregate: Aggregate): AsyncGenerator<string> {
  const { contact, conversation } = aggregate;
  const now = store.now();
  const audit = await store.audit.list({ object: conversation.id, limit: maxAudit });
  yield `{"exportedAt":${JSON.stringify(now)},"contact":${JSON.stringify(presentContact(contact))}`;
  yield `,"conversation":${JSON.stringify(presentConversation(aggregate, now))}`;
  yield* list("messages", messagesOf(store, conversation.id));
  yield* list("turns", turnsOf(store, conversation.id));
  yield* list("outbound", itemsOf(store, conversation.id));
  yield* list("audit", audit.map(presentAudit));
  yield "}\n";
}

async function* list(name: string, values: AsyncIterable<Json> | Iterable<Json>): AsyncGenerator<string> {
  let before = `,"${name}":[`;
  for await (const value of values) {
    yield `${before}\n${JSON.stringify(value)}`;
    before = ",";
  }
  yield before === "," ? "]" : `${before}]`;
}

async function* messagesOf({ messages }: ExportStore, id: string): AsyncGenerator<Json> {
  let before: string | undefined;
  do {
    const page = await messages.page(id, { limit: pageSize, ...(before === undefined ? {} : { before }) });
    yield* page.items.toReversed().map(presentMessage);
    before = page.nextCursor;
  } while (before !== undefined);
}

async function* turnsOf({ turns }: ExportStore, id: string): AsyncGenerator<Json> {
  let beforeNumber: number | undefined;
  do {
    const page = await turns.list(id, { limit: pageSize, ...(beforeNumber === undefined ? {} : { beforeNumber }) });
    yield* page.map(presentTurn);
    beforeNumber = page.length < pageSize ? undefined : page.at(-1)?.number;
  } while (beforeNumber !== undefined);
}

async function* itemsOf({ outbound }: ExportStore, id: string): AsyncGenerator<Json> {
  let cursor: string | undefined;
  do {
    const query = { conversationId: id, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const page = await outbound.list(query);
    yield* page.items.map(presentItem);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}
