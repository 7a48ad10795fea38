/** The list of conversations: filters, search, pages, totals. */
import type { Document, Filter } from "mongodb";
import type { Contact } from "@/store/records.ts";
import type { ConversationCounts, ConversationPage, ConversationQuery } from "@/store/store.ts";
import { searchTerms } from "@/store/search_terms.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import { type Database, farFuture, type Row } from "@/store/mongodb/database.ts";
import { type Head, toConversation } from "@/store/mongodb/head.ts";
import { beforePosition } from "@/store/mongodb/paging.ts";
import { finishRedo } from "@/store/mongodb/redo.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

export async function listConversations(db: Database, query: ConversationQuery, now: Date): Promise<ConversationPage> {
  const filter = await toFilter(db, query, now);
  const position = fromCursor(query.cursor);
  const heads = db.rows("conversations");
  const [rows, total] = await Promise.all([
    heads.find({ $and: [filter, beforePosition("lastAt", position)] }).sort({ lastAt: -1, _id: -1 })
      .limit(query.limit + 1).toArray() as Promise<Head[]>,
    heads.countDocuments(filter),
  ]);
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return {
    items: await withContacts(db, rows.slice(0, query.limit)),
    ...(last && { nextCursor: toCursor({ at: last.lastAt.getTime(), id: last._id }) }),
    total,
  };
}

export async function countConversations(
  db: Database,
  query: { accountId?: string },
  now: Date,
): Promise<ConversationCounts> {
  const countOf = async (more: Omit<ConversationQuery, "limit">): Promise<number> =>
    await db.rows("conversations").countDocuments(await toFilter(db, { ...query, ...more, limit: 1 }, now));
  const [all, needed, unread, closed] = await Promise.all([
    countOf({}),
    countOf({ needed: true }),
    countOf({ unread: true }),
    countOf({ state: "closed" }),
  ]);
  return { all, needed, unread, closed };
}

/** A contact whose commit is not finished yet is there once its redo list is; one erased meanwhile is left out. */
async function withContacts(db: Database, heads: readonly Head[]): Promise<ConversationPage["items"]> {
  await Promise.all(heads.map((head) => finishRedo(db, head)));
  const rows = await db.rows("contacts").find({ _id: { $in: heads.map(({ _id }) => _id) } }).toArray();
  const contacts = new Map(rows.map((row) => [row._id, fromRow<Contact>(row)]));
  return heads.flatMap((head) => {
    const contact = contacts.get(head._id);
    return contact === undefined ? [] : [{ conversation: toConversation(head), contact }];
  });
}

async function toFilter(
  db: Database,
  { accountId, state, handler, needed, unread, q }: ConversationQuery,
  now: Date,
): Promise<Filter<Row>> {
  const conditions = [
    // Only what was not erased has the field.
    { lastAt: { $lte: farFuture } },
    accountId === undefined ? {} : { accountId },
    state === undefined ? {} : { state },
    handler === undefined ? {} : handledBy(handler, now),
    needed === true ? wantsPerson(now) : {},
    unread === true ? { hasUnread: true } : {},
    await holding(db, { q: q ?? "", accountId }),
  ];
  return { $and: conditions.filter((condition) => Object.keys(condition).length > 0) };
}

/** A person's time that is over is the bot's again, without any write. */
function handledBy(handler: "bot" | "person", now: Date): Document {
  return { personUntil: handler === "person" ? { $gt: now } : { $not: { $gt: now } } };
}

function wantsPerson(now: Date): Document {
  return { needed: true, $or: [{ draft: { $exists: true } }, handledBy("person", now)] };
}

/** Whose contact, or one of whose messages, holds all words of `q`; everything when `q` has no word. */
async function holding(db: Database, { q, accountId }: { q: string; accountId?: string }): Promise<Document> {
  const terms = [...new Set(searchTerms(q))];
  if (terms.length === 0) return {};
  const begins = terms.map((term) => ({ terms: new RegExp(`^${term}`) }));
  const filter = { $and: accountId === undefined ? begins : [...begins, { accountId }] };
  const [contacts, conversations] = await Promise.all([
    db.rows("contacts").distinct("_id", filter),
    db.rows("messages").distinct("conversationId", filter),
  ]);
  return { _id: { $in: [...new Set<string>([...contacts, ...conversations])] } };
}
