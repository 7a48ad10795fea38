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
const frequent = 10;

const nothing: Filter = { conditions: [], params: {} };

export function listConversations(db: Database, query: ConversationQuery, now: Date): ConversationPage {
  const filter = toFilter(query, now);
  const search = toSearch(db, query.q ?? "");
  const rows = readRows(db, { filter: both(filter, afterCursor(query.cursor)), search, limit: query.limit + 1 });
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  const limit = search === undefined ? countLimit : foundLimit;
  const total = count(db, { filter, search, limit: limit + 1 });
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
    count(db, { filter: toFilter({ ...query, ...more, limit: 1 }, now), limit: countLimit + 1 });
  return {
    all: countOf({}),
    needed: countOf({ needed: true }),
    unread: countOf({ unread: true }),
    closed: countOf({ state: "closed" }),
  };
}

interface Wanted {
  readonly filter: Filter;
  readonly search?: Search;
  readonly limit: number;
}

/** Chooses the page in an index first, so that only its own rows are read whole. */
function readRows(db: Database, wanted: Wanted): InboxRow[] {
  const { sql, params } = sourceOf(db, wanted);
  return db.all<InboxRow>(
    `SELECT c.id, c.last_at AS at, c.data AS conversation, contacts.data AS contact
     FROM conversations AS c JOIN contacts ON contacts.id = c.id
     WHERE c.n IN (${sql}) ORDER BY c.last_at DESC, c.id DESC`,
    { ...params, limit: wanted.limit },
  );
}

/** Counts no further than the limit. */
function count(db: Database, wanted: Wanted): number {
  return countOf(db, sourceOf(db, wanted), wanted.limit);
}

function countOf(db: Database, { sql, params }: Source, limit: number): number {
  return db.one<{ count: number }>(`SELECT count(*) AS count FROM (${sql})`, { ...params, limit })?.count ?? 0;
}

/**
 * What many conversations hold is found soon among the newest, one after the other, and what few hold by the index of
 * words: each is slow where the other is quick.
 */
function sourceOf(db: Database, { filter, search, limit }: Wanted): Source {
  if (search === undefined) return newest(filter);
  const tried = amongNewest(filter, search, sample);
  const isFrequent = countOf(db, tried, frequent) === frequent;
  const walked = amongNewest(filter, search, near);
  if (isFrequent && countOf(db, walked, limit) === limit) return walked;
  return newest(both(filter, { conditions: [search.among.sql], params: search.among.params }));
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
