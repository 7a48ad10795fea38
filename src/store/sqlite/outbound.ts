import type { OutboundItem, OutboundState } from "@/store/records.ts";
import type { OutboundQuery, OutboundStore } from "@/store/store.ts";
import { decode } from "@/store/sqlite/codec.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { Database, Params } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

interface ItemRow extends DataRow {
  readonly id: string;
  readonly at: number;
}

const noItems: Readonly<Record<OutboundState, number>> = {
  queued: 0,
  sending: 0,
  sent: 0,
  failed: 0,
  uncertain: 0,
  held: 0,
  cancelled: 0,
  expired: 0,
};

export class SqliteOutbound implements OutboundStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(id: string): Promise<OutboundItem | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM outbound_queue WHERE id = :id", { id });
      return row && decode<OutboundItem>(row.data);
    });
  }

  list(
    query: OutboundQuery,
  ): Promise<{ readonly items: readonly OutboundItem[]; readonly nextCursor?: string; readonly total: number }> {
    return this.#db.ask(() => {
      const rows = statesOf(query).flatMap((state) => this.#newest(query, state)).sort(newestFirst);
      const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
      const total = statesOf(query).reduce((sum, state) => sum + this.#count(query, state), 0);
      return {
        items: rows.slice(0, query.limit).map(({ data }) => decode<OutboundItem>(data)),
        ...(last && { nextCursor: toCursor(last) }),
        total,
      };
    });
  }

  countByState(): Promise<Readonly<Record<OutboundState, number>>> {
    return this.#db.ask(() => {
      const rows = this.#db.all<{ state: OutboundState; count: number }>(
        "SELECT substr(name, 10) AS state, count FROM tallies WHERE name >= 'outbound.' AND name < 'outbound/'",
      );
      return { ...noItems, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
    });
  }

  oldestAt(states: readonly OutboundState[]): Promise<Date | undefined> {
    return this.#db.ask(() => {
      const times = states.flatMap((state) =>
        this.#db.all<{ at: number }>(
          "SELECT created_at AS at FROM outbound_queue WHERE state = :state ORDER BY created_at LIMIT 1",
          { state },
        ).map(({ at }) => at)
      );
      return times.length === 0 ? undefined : new Date(Math.min(...times));
    });
  }

  /** One row more than the page, of one state (of all, when undefined): each is in order in its own index. */
  #newest({ conversationId, cursor, limit }: OutboundQuery, state: OutboundState | undefined): ItemRow[] {
    const position = fromCursor(cursor);
    const { where, params } = filter({ conversationId, state });
    const filters = [...where, ...(position === undefined ? [] : ["(created_at, id) < (:at, :beforeId)"])];
    return this.#db.all<ItemRow>(
      `SELECT id, created_at AS at, data FROM outbound_queue ${toWhere(filters)}
       ORDER BY created_at DESC, id DESC LIMIT :limit`,
      { ...params, limit: limit + 1, ...(position && { at: position.at, beforeId: position.id }) },
    );
  }

  #count({ conversationId }: OutboundQuery, state: OutboundState | undefined): number {
    const { where, params } = filter({ conversationId, state });
    const sql = conversationId === undefined
      ? `SELECT coalesce(sum(count), 0) AS count FROM tallies WHERE ${
        state === undefined ? "name >= 'outbound.' AND name < 'outbound/'" : "name = 'outbound.' || :state"
      }`
      : `SELECT count(*) AS count FROM outbound_queue ${toWhere(where)}`;
    return this.#db.one<{ count: number }>(sql, params)?.count ?? 0;
  }
}

function statesOf({ state }: OutboundQuery): readonly (OutboundState | undefined)[] {
  return state === undefined ? [undefined] : [...new Set(state)];
}

function filter(
  { conversationId, state }: { conversationId?: string; state?: OutboundState },
): { where: readonly string[]; params: Params } {
  return {
    where: [
      ...(conversationId === undefined ? [] : ["conversation_id = :conversationId"]),
      ...(state === undefined ? [] : ["state = :state"]),
    ],
    params: { ...(conversationId === undefined ? {} : { conversationId }), ...(state === undefined ? {} : { state }) },
  };
}

function toWhere(filters: readonly string[]): string {
  return filters.length === 0 ? "" : `WHERE ${filters.join(" AND ")}`;
}

function newestFirst(a: ItemRow, b: ItemRow): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}
