/** How a search is put to the database. */
import type { Document } from "mongodb";
import { searchTerms } from "@/store/search_terms.ts";
import type { ConversationQuery } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";

export interface Search {
  /** The texts that hold all words. */
  readonly texts: Document;
  /** Ids of the conversations with such a text; absent when there are many, which `hitsAmong` finds. */
  readonly hits?: ReadonlySet<string>;
}

/** Undefined when `q` has no word. Reads no more than so many texts of messages, and of contacts. */
export async function toSearch(
  db: Database,
  { q = "", accountId }: ConversationQuery,
  maxTexts: number,
): Promise<Search | undefined> {
  const terms = [...new Set(searchTerms(q))];
  if (terms.length === 0) return undefined;
  const begins = terms.map((term) => ({ terms: new RegExp(`^${term}`) }));
  const texts = { $and: accountId === undefined ? begins : [...begins, { accountId }] };
  const hits = await readHits(db, texts, maxTexts);
  return hits.length > maxTexts ? { texts } : { texts, hits: new Set(hits) };
}

/** Which of the conversations have a text that the search asks for. */
export async function hitsAmong(
  db: Database,
  { texts }: Search,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const [contacts, messages] = await Promise.all([
    contactHits(db, { $and: [{ _id: { $in: [...ids] } }, texts] }),
    messageHits(db, { $and: [{ conversationId: { $in: [...ids] } }, texts] }),
  ]);
  return new Set([...contacts, ...messages]);
}

/** One id for each text; more than `limit` when there are more. */
async function readHits(db: Database, texts: Document, limit: number): Promise<readonly string[]> {
  const [contacts, messages] = await Promise.all([
    contactHits(db, texts, limit + 1),
    messageHits(db, texts, limit + 1),
  ]);
  return [...contacts, ...messages];
}

async function contactHits(db: Database, filter: Document, limit = 0): Promise<readonly string[]> {
  const rows = await db.rows("contacts").find(filter).project<{ _id: string }>({ _id: 1 }).limit(limit).toArray();
  return rows.map(({ _id }) => _id);
}

async function messageHits(db: Database, filter: Document, limit = 0): Promise<readonly string[]> {
  const rows = await db.rows("messages").find(filter).project<{ conversationId: string }>({ _id: 0, conversationId: 1 })
    .limit(limit).toArray();
  return rows.map(({ conversationId }) => conversationId);
}
