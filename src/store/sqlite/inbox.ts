/** The list of conversations: filters, search, pages, totals. */
import type { Contact, Conversation } from "@/store/records.ts";
import {
  type ConversationCounts,
  type ConversationPage,
  type ConversationQuery,
  countLimit,
  foundLimit,
} from "@/store/store.ts";
import { decode } from "@/store/sqlite/codec.ts";
import { type Position, stretchesFrom, toStretchCursor } from "@/store/cursor.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { both, everything, type Filter, toFilter, toWhere } from "@/store/sqlite/inbox_filter.ts";
import { inOrder, newestFirst, type Source, type Stretch, stretchesOf } from "@/store/sqlite/inbox_order.ts";
import { toList } from "@/store/sqlite/rows.ts";
import { findMessage, type Search, toSearch } from "@/store/sqlite/search.ts";

interface InboxRow {
  readonly n: number;
  readonly conversation: string;
  readonly contact: string;
  readonly failed: number;
}

/** Where a conversation stands in the order. */
interface Place extends Position {
  readonly n: number;
  /** Of the stretch that it stands in. */
  readonly index: number;
}

/** The newest conversations, among which a search looks first; and those of them that tell how frequent it is. */
const near = 4_000;
const sample = 400;

/** A search that so many of the sample answer to is answered from the newest. */
const frequent = 20;

const byTime: readonly Stretch[] = [newestFirst(everything)];

export function listConversations(db: Database, query: ConversationQuery, now: Date): ConversationPage {
  const filter = toFilter(db, query, now);
  const search = toSearch(db, query.q ?? "");
  const { places, total, limit } = search === undefined
    ? choose(db, filter, { query, now })
    : chooseFound(db, { filter, search, query });
  const shown = places.slice(0, query.limit);
  const last = places.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: readItems(db, shown, search),
    ...(last && { nextCursor: toStretchCursor(last) }),
    total: Math.min(total, limit),
    atLeast: total > limit,
  };
}

export function countConversations(db: Database, query: { accountId?: string }, now: Date): ConversationCounts {
  const countOf = (more: Omit<ConversationQuery, "limit">): number =>
    countIn(db, toFilter(db, { ...query, ...more, limit: 1 }, now));
  return {
    all: countOf({}),
    needed: countOf({ needed: true }),
    bot: countOf({ handler: "bot" }),
    answered: countOf({ answered: true }),
    unread: countOf({ unread: true }),
    closed: countOf({ state: "closed" }),
  };
}

interface Choice {
  /** The page's, and one more when there is one. */
  readonly places: readonly Place[];
  /** Of all pages, counted up to one more than the limit. */
  readonly total: number;
  readonly limit: number;
}

/** Chooses the page in indexes, so that only its own rows are read whole. */
function choose(
  db: Database,
  filter: Filter,
  { query, now }: { readonly query: ConversationQuery; readonly now: Date },
): Choice {
  const places: Place[] = [];
  for (const { index, stretch, position } of stretchesFrom(stretchesOf(query, now), query.cursor)) {
    const left = query.limit + 1 - places.length;
    if (left > 0) places.push(...placesOf(db, inOrder(filter, stretch, position), { limit: left, index }));
  }
  return { places, total: countIn(db, filter), limit: countLimit };
}

/** What a search finds is looked for once. */
function chooseFound(
  db: Database,
  { filter, search, query }: { filter: Filter; search: Search; query: ConversationQuery },
): Choice {
  const pageLimit = query.limit + 1;
  const [{ position } = { position: undefined }] = stretchesFrom(byTime, query.cursor);
  const first = find(db, { filter, search, limit: Math.max(pageLimit, foundLimit + 1) });
  const found = position === undefined ? first : find(db, { filter, search, position, limit: pageLimit });
  return { places: found.slice(0, pageLimit), total: first.length, limit: foundLimit };
}

interface Find {
  readonly filter: Filter;
  readonly search: Search;
  readonly position?: Position;
  readonly limit: number;
}

/**
 * What many conversations hold is found soon among the newest, one after the other, and what few hold by the index of
 * words: each is slow where the other is quick.
 */
function find(db: Database, { filter, search, position, limit }: Find): readonly Place[] {
  const newest = inOrder(filter, byTime[0], position);
  if (count(db, amongNewest(search, newest, sample), frequent) === frequent) {
    const walked = placesOf(db, amongNewest(search, newest, near), { limit });
    if (walked.length === limit) return walked;
  }
  const { sql, params } = search.among;
  return placesOf(db, inOrder(both(filter, { conditions: [sql], params }), byTime[0], position), { limit });
}

/** The walk's own limit is `:walk`. */
function amongNewest({ within }: Search, { sql, params }: Source, walk: number): Source {
  return {
    sql: `SELECT n, id, at FROM (${sql.replace(":limit", ":walk")}) AS near WHERE ${within.sql}
      ORDER BY at DESC, id DESC LIMIT :limit`,
    params: { ...params, ...within.params, walk },
  };
}

function placesOf(
  db: Database,
  { sql, params }: Source,
  { limit, index = 0 }: { limit: number; index?: number },
): Place[] {
  return db.all<{ n: number; id: string; at: number }>(sql, { ...params, limit }).map((row) => ({ ...row, index }));
}

/** Counts no further than one more than the limit. */
function countIn(db: Database, filter: Filter): number {
  return count(
    db,
    { sql: `SELECT 1 FROM conversations AS c ${toWhere(filter)} LIMIT :limit`, params: filter.params },
    countLimit + 1,
  );
}

/** Counts no further than the limit. */
function count(db: Database, { sql, params }: Source, limit: number): number {
  return db.one<{ count: number }>(`SELECT count(*) AS count FROM (${sql})`, { ...params, limit })?.count ?? 0;
}

/** In the order of the places. */
function readItems(db: Database, places: readonly Place[], search: Search | undefined): ConversationPage["items"] {
  const rows = db.all<InboxRow>(
    `SELECT c.n, c.data AS conversation, contacts.data AS contact, EXISTS (
       SELECT 1 FROM outbound_queue WHERE conversation_id = c.id AND state IN ('failed', 'held', 'expired')
     ) AS failed FROM conversations AS c JOIN contacts ON contacts.id = c.id
     WHERE c.n IN (SELECT value FROM json_each(:numbers))`,
    { numbers: toList(places.map(({ n }) => n)) },
  );
  const byNumber = new Map(rows.map((row) => [row.n, row]));
  return places.flatMap(({ n }) => {
    const row = byNumber.get(n);
    if (row === undefined) return [];
    const hit = search && findMessage(db, search, n)?.text;
    const [conversation, contact] = [decode<Conversation>(row.conversation), decode<Contact>(row.contact)];
    return [{ conversation, contact, failed: row.failed === 1, ...(hit === undefined ? {} : { hit }) }];
  });
}
