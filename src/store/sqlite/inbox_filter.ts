/** Which conversations the inbox shows, as conditions on `conversations`, called `c`. */
import { type ConversationQuery, tagLimit } from "@/store/store.ts";
import type { Database, Params } from "@/store/sqlite/database.ts";

/** Conditions and their values. */
export interface Filter {
  readonly conditions: readonly string[];
  readonly params: Params;
}

export const everything: Filter = { conditions: [], params: {} };

/** So many hits are looked up one by one; of more, each conversation on the way is asked whether it is among them. */
const few = 500;

export function toFilter(db: Database, query: ConversationQuery, now: Date): Filter {
  const { state, handler, needed, answered, unread, failed, closingWithinMs, assignee, tag } = query;
  return [
    ofAccount(query),
    state === undefined ? everything : { conditions: ["state = :state"], params: { state } },
    handler === undefined ? everything : handledBy(handler, now),
    needed === true ? wantsPerson(now) : everything,
    answered === true ? { conditions: ["needed < 0"], params: {} } : everything,
    unread === true ? { conditions: ["unread > 0"], params: {} } : everything,
    failed === true ? among(db, failedItems, {}) : everything,
    closingWithinMs === undefined ? everything : closingWithin(closingWithinMs, now),
    assignee === undefined ? everything : assignedTo(assignee),
    tag === undefined ? everything : among(db, taggedContacts, { tag }),
  ].reduce(both);
}

/** Tags that contacts have, one step through the index for each. */
export function listTags(db: Database): readonly string[] {
  return db.all<{ tag: string }>(
    `WITH RECURSIVE known (tag) AS (
       SELECT min(tag) FROM tags
       UNION ALL SELECT (SELECT min(tag) FROM tags WHERE tag > known.tag) FROM known WHERE known.tag IS NOT NULL
     ) SELECT tag FROM known WHERE tag IS NOT NULL LIMIT :limit`,
    { limit: tagLimit },
  ).map(({ tag }) => tag);
}

/** The sign `+` bids SQLite take the small index of those asked for instead of the account's. */
function ofAccount({ accountId, needed, answered, unread }: ConversationQuery): Filter {
  if (accountId === undefined) return everything;
  const column = needed === true || answered === true || unread === true ? "+account_id" : "account_id";
  return { conditions: [`${column} = :accountId`], params: { accountId } };
}

/** A person's time that is over is the bot's again, without any write. */
function handledBy(handler: "bot" | "person", now: Date): Filter {
  const condition = handler === "person" ? "person_until > :now" : "(person_until IS NULL OR person_until <= :now)";
  return { conditions: [condition], params: { now: now.getTime() } };
}

export function wantsPerson(now: Date): Filter {
  return { conditions: ["needed > 0", "(needed = 2 OR person_until > :now)"], params: { now: now.getTime() } };
}

export function wantsNobody(now: Date): Filter {
  const isOver = "(person_until IS NULL OR person_until <= :now)";
  return { conditions: [`(needed <= 0 OR (needed = 1 AND ${isOver}))`], params: { now: now.getTime() } };
}

function closingWithin(ms: number, now: Date): Filter {
  const params = { now: now.getTime(), closingBy: now.getTime() + ms };
  return { conditions: ["window_at > :now", "window_at <= :closingBy"], params };
}

function assignedTo(assignee: string | null): Filter {
  return assignee === null
    ? { conditions: ["assignee IS NULL"], params: {} }
    : { conditions: ["assignee = :assignee"], params: { assignee } };
}

const failedItems = {
  column: "id",
  hits: "SELECT conversation_id FROM outbound_queue WHERE state IN ('failed', 'held', 'expired')",
};
const taggedContacts = { column: "n", hits: "SELECT n FROM tags WHERE tag = :tag" };

function among(db: Database, { column, hits }: { column: string; hits: string }, params: Params): Filter {
  const counted = db.one<{ count: number }>(`SELECT count(*) AS count FROM (${hits} LIMIT ${few + 1})`, params);
  const sign = (counted?.count ?? 0) > few ? "+" : "";
  return { conditions: [`${sign}${column} IN (${hits})`], params };
}

export function both(a: Filter, b: Filter): Filter {
  return { conditions: [...a.conditions, ...b.conditions], params: { ...a.params, ...b.params } };
}

export function toWhere({ conditions }: Filter): string {
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}
