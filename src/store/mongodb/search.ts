/** How a search is put to the database. */
import type { Document } from "mongodb";
import { searchTerms } from "@/store/search_terms.ts";
import type { ConversationQuery } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";
import type { Found } from "@/store/mongodb/members.ts";

/**
 * The conversations with a text that holds all words of `q`; undefined when it has none. Reads no more than so many texts
 * of messages, and of contacts.
 */
export async function toSearch(
  db: Database,
  { q = "", accountId }: ConversationQuery,
  maxTexts: number,
): Promise<Found | undefined> {
  const terms = [...new Set(searchTerms(q))];
  if (terms.length === 0) return undefined;
  const begins = terms.map((term) => ({ terms: new RegExp(`^${term}`) }));
  const texts = { $and: accountId === undefined ? begins : [...begins, { accountId }] };
  const hits = await readHits(db, texts, maxTexts);
  return {
    among: (ids) => hitsAmong(db, texts, ids),
    texts: (ids) => textsAmong(db, texts, ids),
    ...(hits.length > maxTexts ? {} : { known: new Set(hits) }),
  };
}

/** Which of the conversations have a text like these. */
async function hitsAmong(db: Database, texts: Document, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const [contacts, messages] = await Promise.all([
    contactHits(db, { $and: [{ _id: { $in: [...ids] } }, texts] }),
    messageHits(db, { $and: [{ conversationId: { $in: [...ids] } }, texts] }),
  ]);
  return new Set([...contacts, ...messages]);
}

/** Messages that are read, at most, to have one for each conversation of a page. */
const maxHits = 1_000;

async function textsAmong(db: Database, texts: Document, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.rows("messages").find({ $and: [{ conversationId: { $in: [...ids] } }, texts] })
    .project<{ conversationId: string; text: string; at: Date }>({ conversationId: 1, text: 1, at: 1 })
    .limit(maxHits).toArray();
  const inOrder = rows.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return new Map(inOrder.map(({ conversationId, text }) => [conversationId, text]));
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
