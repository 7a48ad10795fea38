/** In which order the inbox shows conversations: one stretch after the other, each in an index's order. */
import type { Position } from "@/store/cursor.ts";
import type { ConversationQuery } from "@/store/store.ts";
import type { Params } from "@/store/sqlite/database.ts";
import { both, everything, type Filter, toWhere, wantsNobody, wantsPerson } from "@/store/sqlite/inbox_filter.ts";

export interface Stretch {
  readonly filter: Filter;
  readonly column: "last_at" | "waiting_at" | "window_at";
  readonly direction: "ASC" | "DESC";
}

/** A statement that gives places, `:limit` at most. */
export interface Source {
  readonly sql: string;
  readonly params: Params;
}

export function stretchesOf({ sort = "newest", needed }: ConversationQuery, now: Date): readonly Stretch[] {
  switch (sort) {
    case "newest":
      return [newestFirst(everything)];
    case "attention": {
      const waiting: Stretch = { filter: wantsPerson(now), column: "waiting_at", direction: "ASC" };
      return needed === true ? [waiting] : [waiting, newestFirst(wantsNobody(now))];
    }
    case "window": {
      const params = { now: now.getTime() };
      return [
        { filter: { conditions: ["window_at > :now"], params }, column: "window_at", direction: "ASC" },
        newestFirst({ conditions: ["(window_at IS NULL OR window_at <= :now)"], params }),
      ];
    }
  }
}

export function newestFirst(filter: Filter): Stretch {
  return { filter, column: "last_at", direction: "DESC" };
}

/** The conversations of one stretch that the filter lets through, behind the position when there is one. */
export function inOrder(filter: Filter, { filter: own, column, direction }: Stretch, position?: Position): Source {
  const where = both(both(filter, own), after(position, { column, direction }));
  const order = `ORDER BY ${column} ${direction}, id ${direction}`;
  const sql = `SELECT n, id, ${column} AS at FROM conversations AS c ${toWhere(where)} ${order} LIMIT :limit`;
  return { sql, params: where.params };
}

function after(position: Position | undefined, { column, direction }: Pick<Stretch, "column" | "direction">): Filter {
  if (position === undefined) return everything;
  const sign = direction === "ASC" ? ">" : "<";
  return { conditions: [`(${column}, id) ${sign} (:at, :afterId)`], params: { at: position.at, afterId: position.id } };
}
