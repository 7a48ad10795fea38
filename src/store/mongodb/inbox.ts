/** The list of conversations: filters, search, pages, totals. */
import type { Document, FindCursor } from "mongodb";
import type { Contact } from "@/store/records.ts";
import {
  type ConversationCounts,
  type ConversationPage,
  type ConversationQuery,
  countLimit,
  foundLimit,
} from "@/store/store.ts";
import { type Position, stretchesFrom, toStretchCursor } from "@/store/cursor.ts";
import type { Database, Row } from "@/store/mongodb/database.ts";
import { type Head, toConversation } from "@/store/mongodb/head.ts";
import { allOf, behind, newestFirst, type Stretch, stretchesOf, toFilter } from "@/store/mongodb/inbox_filter.ts";
import { failedAmong, type Found, type Members, toMembers } from "@/store/mongodb/members.ts";
import { finishRedo } from "@/store/mongodb/redo.ts";
import { toSearch } from "@/store/mongodb/search.ts";
import { take } from "@/store/mongodb/take.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

/** Conversations that are looked into together. */
const batch = 200;

/** Texts that a search reads, at most, to learn which conversations have one; tags and failed texts likewise. */
const defaults = { maxTexts: 5_000 } as const;

/** A conversation and where it stands in the order. */
interface Place extends Position {
  readonly head: Head;
  /** Of the stretch that it stands in. */
  readonly index: number;
}

const byTime: readonly Stretch[] = [newestFirst({})];

export async function listConversations(
  db: Database,
  query: ConversationQuery,
  now: Date,
  { maxTexts }: { readonly maxTexts: number } = defaults,
): Promise<ConversationPage> {
  const [search, others] = await Promise.all([toSearch(db, query, maxTexts), toMembers(db, query, maxTexts)]);
  const wanted = { filter: toFilter(query, now), members: search === undefined ? others : [search, ...others] };
  const limit = search === undefined ? countLimit : foundLimit;
  const stretches = search === undefined ? stretchesOf(query, now) : byTime;
  const [places, total] = await Promise.all([
    readPlaces(db, { ...wanted, stretches, cursor: query.cursor, limit: query.limit + 1 }),
    count(db, { ...wanted, limit: limit + 1 }),
  ]);
  const shown = places.slice(0, query.limit);
  const last = places.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: await withContacts(db, shown.map(({ head }) => head), search),
    ...(last && { nextCursor: toStretchCursor(last) }),
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
    count(db, { filter: toFilter({ ...query, ...more, limit: 1 }, now), members: [], limit: countLimit + 1 });
  const [all, needed, bot, answered, unread, closed] = await Promise.all([
    countOf({}),
    countOf({ needed: true }),
    countOf({ handler: "bot" }),
    countOf({ answered: true }),
    countOf({ unread: true }),
    countOf({ state: "closed" }),
  ]);
  return { all, needed, bot, answered, unread, closed };
}

interface Wanted {
  readonly filter: Document;
  /** It is among all of them. */
  readonly members: readonly Members[];
  readonly limit: number;
}

interface WantedPage extends Wanted {
  readonly stretches: readonly Stretch[];
  readonly cursor?: string;
}

async function readPlaces(db: Database, { stretches, cursor, ...wanted }: WantedPage): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const { index, stretch, position } of stretchesFrom(stretches, cursor)) {
    const limit = wanted.limit - places.length;
    if (limit === 0) break;
    const heads = await readHeads(db, { ...wanted, limit }, { stretch, position });
    places.push(...heads.map((head) => ({ head, index, id: head._id, at: head[stretch.field].getTime() })));
  }
  return places;
}

interface From {
  readonly stretch: Stretch;
  readonly position?: Position;
}

async function readHeads(db: Database, wanted: Wanted, from: From): Promise<readonly Head[]> {
  return wanted.members.every(({ known }) => known !== undefined)
    ? await find(db, wanted, from).toArray() as Head[]
    : await walk(db, wanted, from);
}

/** Counts no further than the limit. */
async function count(db: Database, wanted: Wanted): Promise<number> {
  const { filter, members, limit } = wanted;
  if (members.some(({ known }) => known === undefined)) {
    return (await walk(db, wanted, { stretch: byTime[0] })).length;
  }
  return await db.rows("conversations").countDocuments(allOf([filter, ...members.map(amongKnown)]), { limit });
}

function find(db: Database, { filter, members, limit }: Wanted, { stretch, position }: From): FindCursor<Row> {
  const where = allOf([filter, stretch.filter, ...members.map(amongKnown), behind(stretch, position)]);
  const { field, direction } = stretch;
  return db.rows("conversations").find(where).sort({ [field]: direction, _id: direction }).limit(limit);
}

function amongKnown({ known }: Members): Document {
  return known === undefined ? {} : { _id: { $in: [...known] } };
}

/** Looks into one conversation after the other, in order, until there are enough. */
async function walk(db: Database, wanted: Wanted, from: From): Promise<readonly Head[]> {
  const found: Head[] = [];
  const heads = find(db, { ...wanted, limit: 0 }, from).batchSize(batch);
  const unknown = wanted.members.filter(({ known }) => known === undefined);
  try {
    while (found.length < wanted.limit) {
      const next = await take(heads, batch) as Head[];
      if (next.length === 0) break;
      const hits = await Promise.all(unknown.map(({ among }) => among(next.map(({ _id }) => _id))));
      found.push(...next.filter(({ _id }) => hits.every((ids) => ids.has(_id))));
    }
  } finally {
    await heads.close();
  }
  return found.slice(0, wanted.limit);
}

/** A contact whose commit is not finished yet is there once its redo list is; one erased meanwhile is left out. */
async function withContacts(
  db: Database,
  heads: readonly Head[],
  search: Found | undefined,
): Promise<ConversationPage["items"]> {
  const ids = heads.map(({ _id }) => _id);
  await Promise.all(heads.map((head) => finishRedo(db, head)));
  const [rows, failed, hits] = await Promise.all([
    db.rows("contacts").find({ _id: { $in: ids } }).toArray(),
    failedAmong(db, ids),
    search?.texts(ids),
  ]);
  const contacts = new Map(rows.map((row) => [row._id, fromRow<Contact>(row)]));
  return heads.flatMap((head) => {
    const contact = contacts.get(head._id);
    const hit = hits?.get(head._id);
    if (contact === undefined) return [];
    return [{
      conversation: toConversation(head),
      contact,
      failed: failed.has(head._id),
      ...(hit === undefined ? {} : { hit }),
    }];
  });
}
