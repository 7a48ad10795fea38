import type { Document } from "mongodb";
import type { OutboundItem, OutboundState } from "@/store/records.ts";
import type { OutboundQuery, OutboundStore } from "@/store/store.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { beforePosition } from "@/store/mongodb/paging.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

const states = ["queued", "sending", "sent", "failed", "uncertain", "held", "cancelled", "expired"] as const;

export class MongoOutbound implements OutboundStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("outbound_queue");
  }

  get(id: string): Promise<OutboundItem | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : fromRow<OutboundItem>(row);
    });
  }

  list(
    query: OutboundQuery,
  ): Promise<{ readonly items: readonly OutboundItem[]; readonly nextCursor?: string; readonly total: number }> {
    const { limit, cursor } = query;
    const filter = toFilter(query);
    return this.#db.ask(async () => {
      const [rows, total] = await Promise.all([
        this.#rows.find({ ...filter, ...beforePosition("createdAt", fromCursor(cursor)) })
          .sort({ createdAt: -1, _id: -1 }).limit(limit + 1).toArray(),
        this.#rows.countDocuments(filter),
      ]);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map((row) => fromRow<OutboundItem>(row)),
        ...(last && { nextCursor: toCursor({ at: last.createdAt.getTime(), id: last._id }) }),
        total,
      };
    });
  }

  countByState(): Promise<Readonly<Record<OutboundState, number>>> {
    return this.#db.ask(async () => {
      const counts = await Promise.all(states.map((state) => this.#rows.countDocuments({ state })));
      return Object.fromEntries(states.map((state, index) => [state, counts[index]])) as Record<OutboundState, number>;
    });
  }
}

function toFilter({ conversationId, state }: OutboundQuery): Document {
  return {
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(state === undefined ? {} : { state: { $in: [...state] } }),
  };
}
