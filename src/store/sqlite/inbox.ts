/** The list of conversations: filters, search, pages, totals. */
import type { Contact, Conversation } from "@/store/records.ts";
import type { ConversationCounts, ConversationPage, ConversationQuery } from "@/store/store.ts";
import { decode } from "@/store/sqlite/codec.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { Database, Params } from "@/store/sqlite/database.ts";
import { rowsPerConversation, toMatch } from "@/store/sqlite/search_index.ts";

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

const nothing: Filter = { conditions: [], params: {} };

export function listConversations(db: Database, query: ConversationQuery, now: Date): ConversationPage {
  const filter = toFilter(query, now);
  const rows = newestRows(db, both(filter, afterCursor(query.cursor)), query.limit + 1);
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return {
    items: rows.slice(0, query.limit).map((row) => ({
      conversation: decode<Conversation>(row.conversation),
      contact: decode<Contact>(row.contact),
    })),
    ...(last && { nextCursor: toCursor(last) }),
    total: count(db, filter),
  };
}

export function countConversations(db: Database, query: { accountId?: string }, now: Date): ConversationCounts {
  const countOf = (more: Omit<ConversationQuery, "limit">): number =>
    count(db, toFilter({ ...query, ...more, limit: 1 }, now));
  return {
    all: countOf({}),
    needed: countOf({ needed: true }),
    unread: countOf({ unread: true }),
    closed: countOf({ state: "closed" }),
  };
}

/** Chooses the page in an index first, so that only its own rows are read whole. */
function newestRows(db: Database, filter: Filter, limit: number): InboxRow[] {
  return db.all<InboxRow>(
    `SELECT c.id, c.last_at AS at, c.data AS conversation, contacts.data AS contact
     FROM conversations AS c JOIN contacts ON contacts.id = c.id
     WHERE c.n IN (SELECT n FROM conversations ${toWhere(filter)} ORDER BY last_at DESC, id DESC LIMIT :limit)
     ORDER BY c.last_at DESC, c.id DESC`,
    { ...filter.params, limit },
  );
}

function count(db: Database, filter: Filter): number {
  const sql = `SELECT count(*) AS count FROM conversations ${toWhere(filter)}`;
  return db.one<{ count: number }>(sql, filter.params)?.count ?? 0;
}

function toFilter(query: ConversationQuery, now: Date): Filter {
  const { state, handler, needed, unread, q } = query;
  return [
    ofAccount(query),
    state === undefined ? nothing : { conditions: ["state = :state"], params: { state } },
    handler === undefined ? nothing : handledBy(handler, now),
    needed === true ? wantsPerson(now) : nothing,
    unread === true ? { conditions: ["unread > 0"], params: {} } : nothing,
    holding(q ?? ""),
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

/** Whose contact, or one of whose messages, holds all words of `q`; everything when `q` has no word. */
function holding(q: string): Filter {
  const match = toMatch(q);
  if (match === undefined) return nothing;
  const hits = `SELECT rowid / ${rowsPerConversation} FROM search WHERE search MATCH :match`;
  return { conditions: [`n IN (${hits})`], params: { match } };
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
