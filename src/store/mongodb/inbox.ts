/** The list of conversations: filters, search, pages, totals. */
import type { Document, Filter, FindCursor } from "mongodb";
import type { Contact } from "@/store/records.ts";
import {
  type ConversationCounts,
  type ConversationPage,
  type ConversationQuery,
  countLimit,
  foundLimit,
} from "@/store/store.ts";
import { fromCursor, type Position, toCursor } from "@/store/cursor.ts";
import { type Database, farFuture, type Row } from "@/store/mongodb/database.ts";
import { type Head, toConversation } from "@/store/mongodb/head.ts";
import { beforePosition } from "@/store/mongodb/paging.ts";
import { finishRedo } from "@/store/mongodb/redo.ts";
import { hitsAmong, type Search, toSearch } from "@/store/mongodb/search.ts";
import { take } from "@/store/mongodb/take.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

/** Conversations that are looked into together. */
const batch = 200;

/** Texts that a search reads, at most, to learn which conversations have one. */
const defaults = { maxTexts: 5_000 } as const;

export async function listConversations(
  db: Database,
  query: ConversationQuery,
  now: Date,
  { maxTexts }: { readonly maxTexts: number } = defaults,
): Promise<ConversationPage> {
  const filter = toFilter(query, now);
  const search = await toSearch(db, query, maxTexts);
  const limit = search === undefined ? countLimit : foundLimit;
  const [heads, total] = await Promise.all([
    readHeads(db, { filter, search, position: fromCursor(query.cursor), limit: query.limit + 1 }),
    count(db, { filter, search, limit: limit + 1 }),
  ]);
  const last = heads.length > query.limit ? heads[query.limit - 1] : undefined;
  return {
    items: await withContacts(db, heads.slice(0, query.limit)),
    ...(last && { nextCursor: toCursor({ at: last.lastAt.getTime(), id: last._id }) }),
    total: Math.min(total, limit),
    atLeast: total > limit,
  };
}

export async function countConversations(
  db: Database,
  query: { accountId?: string },
  now: Date,
): Promise<ConversationCounts> {
  const countOf = (more: Omit<ConversationQuery, "limit">): Promise<number> =>
    count(db, { filter: toFilter({ ...query, ...more, limit: 1 }, now), limit: countLimit + 1 });
  const [all, needed, unread, closed] = await Promise.all([
    countOf({}),
    countOf({ needed: true }),
    countOf({ unread: true }),
    countOf({ state: "closed" }),
  ]);
  return { all, needed, unread, closed };
}

interface Wanted {
  readonly filter: Filter<Row>;
  readonly search?: Search;
  readonly position?: Position;
  readonly limit: number;
}

async function readHeads(db: Database, wanted: Wanted): Promise<readonly Head[]> {
  return wanted.search?.hits === undefined && wanted.search !== undefined
    ? await walk(db, wanted, wanted.search)
    : await find(db, wanted).toArray() as Head[];
}

/** Counts no further than the limit. */
async function count(db: Database, wanted: Wanted): Promise<number> {
  const { filter, search, limit } = wanted;
  if (search !== undefined && search.hits === undefined) return (await walk(db, wanted, search)).length;
  return await db.rows("conversations").countDocuments({ $and: [filter, among(search)] }, { limit });
}

function find(db: Database, { filter, search, position, limit }: Wanted): FindCursor<Row> {
  return db.rows("conversations").find({ $and: [filter, among(search), beforePosition("lastAt", position)] })
    .sort({ lastAt: -1, _id: -1 }).limit(limit);
}

function among(search: Search | undefined): Filter<Row> {
  return search?.hits === undefined ? {} : { _id: { $in: [...search.hits] } };
}

/** Looks into one conversation after the other, newest first, until there are enough. */
async function walk(db: Database, { filter, position, limit }: Wanted, search: Search): Promise<readonly Head[]> {
  const found: Head[] = [];
  const heads = find(db, { filter, position, limit: 0 }).batchSize(batch);
  try {
    while (found.length < limit) {
      const next = await take(heads, batch) as Head[];
      if (next.length === 0) break;
      const hits = await hitsAmong(db, search, next.map(({ _id }) => _id));
      found.push(...next.filter(({ _id }) => hits.has(_id)));
    }
  } finally {
    await heads.close();
  }
  return found.slice(0, limit);
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

function toFilter({ accountId, state, handler, needed, unread }: ConversationQuery, now: Date): Filter<Row> {
  const conditions = [
    // Only what was not erased has the field.
    { lastAt: { $lte: farFuture } },
    accountId === undefined ? {} : { accountId },
    state === undefined ? {} : { state },
    handler === undefined ? {} : handledBy(handler, now),
    needed === true ? wantsPerson(now) : {},
    unread === true ? { hasUnread: true } : {},
  ];
  return { $and: conditions.filter((condition) => Object.keys(condition).length > 0) };
}

/** A person's time that is over is the bot's again, without any write. */
function handledBy(handler: "bot" | "person", now: Date): Document {
  return { personUntil: handler === "person" ? { $gt: now } : { $not: { $gt: now } } };
}

function wantsPerson(now: Date): Document {
  return {
    needed: true,
    $or: [{ draft: { $exists: true } }, { windowNoticeAt: { $exists: true } }, handledBy("person", now)],
  };
}
