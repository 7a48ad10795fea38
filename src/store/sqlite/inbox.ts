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
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { Database, Params } from "@/store/sqlite/database.ts";
import { toList } from "@/store/sqlite/rows.ts";
import { type Search, toSearch } from "@/store/sqlite/search.ts";

interface InboxRow {
  readonly id: string;
  readonly at: number;
  readonly conversation: string;
  readonly contact: string;
}

/** Conditions on `conversations` and their values. */
interface Filter {
  readonly conditions: readonly string[];
  readonly params: Params;
}

/** A statement that gives the numbers of conversations, newest last message first, `:limit` at most. */
interface Source {
  readonly sql: string;
  readonly params: Params;
}

/** The newest conversations, among which a search looks first; and those of them that tell how frequent it is. */
const near = 4_000;
const sample = 400;

/** A search that so many of the sample answer to is answered from the newest. */
const frequent = 20;

const nothing: Filter = { conditions: [], params: {} };

export function listConversations(db: Database, query: ConversationQuery, now: Date): ConversationPage {
  const filter = toFilter(query, now);
  const search = toSearch(db, query.q ?? "");
  const { numbers, total, limit } = choose(db, { filter, search, query });
  const rows = readRows(db, numbers);
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return {
    items: rows.slice(0, query.limit).map((row) => ({
      conversation: decode<Conversation>(row.conversation),
      contact: decode<Contact>(row.contact),
    })),
    ...(last && { nextCursor: toCursor(last) }),
    total: Math.min(total, limit),
    atLeast: total > limit,
  };
}

export function countConversations(db: Database, query: { accountId?: string }, now: Date): ConversationCounts {
  const countOf = (more: Omit<ConversationQuery, "limit">): number =>
    count(db, newest(toFilter({ ...query, ...more, limit: 1 }, now)), countLimit + 1);
  return {
    all: countOf({}),
    needed: countOf({ needed: true }),
    unread: countOf({ unread: true }),
    closed: countOf({ state: "closed" }),
  };
}

interface Choice {
  /** Of the page's conversations, and of one more when there is one. */
  readonly numbers: readonly number[];
  /** Of all pages, counted up to one more than the limit. */
  readonly total: number;
  readonly limit: number;
}

/** Chooses the page in an index, so that only its own rows are read whole. What a search finds is looked for once. */
function choose(
  db: Database,
  { filter, search, query }: { filter: Filter; search: Search | undefined; query: ConversationQuery },
): Choice {
  const pageFilter = both(filter, afterCursor(query.cursor));
  const pageLimit = query.limit + 1;
  if (search === undefined) {
    const total = count(db, newest(filter), countLimit + 1);
    return { numbers: numbersOf(db, newest(pageFilter), pageLimit), total, limit: countLimit };
  }
  const first = find(db, { filter, search, limit: Math.max(pageLimit, foundLimit + 1) });
  const found = query.cursor === undefined ? first : find(db, { filter: pageFilter, search, limit: pageLimit });
  return { numbers: found.slice(0, pageLimit), total: first.length, limit: foundLimit };
}

/**
 * What many conversations hold is found soon among the newest, one after the other, and what few hold by the index of
 * words: each is slow where the other is quick.
 */
function find(
  db: Database,
  { filter, search, limit }: { filter: Filter; search: Search; limit: number },
): readonly number[] {
  if (count(db, amongNewest(filter, search, sample), frequent) === frequent) {
    const walked = numbersOf(db, amongNewest(filter, search, near), limit);
    if (walked.length === limit) return walked;
  }
  const { sql, params } = search.among;
  return numbersOf(db, newest(both(filter, { conditions: [sql], params })), limit);
}

function readRows(db: Database, numbers: readonly number[]): InboxRow[] {
  return db.all<InboxRow>(
    `SELECT c.id, c.last_at AS at, c.data AS conversation, contacts.data AS contact
     FROM conversations AS c JOIN contacts ON contacts.id = c.id
     WHERE c.n IN (SELECT value FROM json_each(:numbers)) ORDER BY c.last_at DESC, c.id DESC`,
    { numbers: toList(numbers) },
  );
}

function numbersOf(db: Database, { sql, params }: Source, limit: number): readonly number[] {
  return db.all<{ n: number }>(sql, { ...params, limit }).map(({ n }) => n);
}

/** Counts no further than the limit. */
function count(db: Database, { sql, params }: Source, limit: number): number {
  return db.one<{ count: number }>(`SELECT count(*) AS count FROM (${sql})`, { ...params, limit })?.count ?? 0;
}

function newest(filter: Filter): Source {
  const sql = `SELECT n FROM conversations AS c ${toWhere(filter)} ORDER BY last_at DESC, id DESC LIMIT :limit`;
  return { sql, params: filter.params };
}

function amongNewest(filter: Filter, { within }: Search, walk: number): Source {
  const sql = `SELECT n FROM (
      SELECT n, last_at, id FROM conversations ${toWhere(filter)} ORDER BY last_at DESC, id DESC LIMIT ${walk}
    ) AS near WHERE ${within.sql} ORDER BY last_at DESC, id DESC LIMIT :limit`;
  return { sql, params: { ...filter.params, ...within.params } };
}

function toFilter(query: ConversationQuery, now: Date): Filter {
  const { state, handler, needed, unread } = query;
  return [
    ofAccount(query),
    state === undefined ? nothing : { conditions: ["state = :state"], params: { state } },
    handler === undefined ? nothing : handledBy(handler, now),
    needed === true ? wantsPerson(now) : nothing,
    unread === true ? { conditions: ["unread > 0"], params: {} } : nothing,
  ].reduce(both);
}

/** The sign `+` bids SQLite take the small index of the needed or unread ones instead of the account's. */
function ofAccount({ accountId, needed, unread }: ConversationQuery): Filter {
  if (accountId === undefined) return nothing;
  const column = needed === true || unread === true ? "+account_id" : "account_id";
  return { conditions: [`${column} = :accountId`], params: { accountId } };
}

/** A person's time that is over is the bot's again, without any write. */
function handledBy(handler: "bot" | "person", now: Date): Filter {
  const condition = handler === "person" ? "person_until > :now" : "(person_until IS NULL OR person_until <= :now)";
  return { conditions: [condition], params: { now: now.getTime() } };
}

function wantsPerson(now: Date): Filter {
  return { conditions: ["needed > 0", "(needed = 2 OR person_until > :now)"], params: { now: now.getTime() } };
}

function afterCursor(cursor: string | undefined): Filter {
  const position = fromCursor(cursor);
  if (position === undefined) return nothing;
  return { conditions: ["(last_at, id) < (:at, :afterId)"], params: { at: position.at, afterId: position.id } };
}

function both(a: Filter, b: Filter): Filter {
  return { conditions: [...a.conditions, ...b.conditions], params: { ...a.params, ...b.params } };
}

function toWhere({ conditions }: Filter): string {
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}
