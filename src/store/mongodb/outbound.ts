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
        this.#count(query),
      ]);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map((row) => fromRow<OutboundItem>(row)),
        ...(last && { nextCursor: toCursor({ at: last.createdAt.getTime(), id: last._id }) }),
        total,
      };
    });
  }

  async #count({ conversationId, state = states }: OutboundQuery): Promise<number> {
    if (conversationId !== undefined) return await this.#rows.countDocuments(toFilter({ conversationId, state }));
    const counts = await this.countByState();
    return [...new Set(state)].reduce((sum, one) => sum + counts[one], 0);
  }

  oldestAt(states: readonly OutboundState[]): Promise<Date | undefined> {
    return this.#db.ask(async () => {
      const oldest = await Promise.all(
        states.map((state) => this.#rows.find({ state }).sort({ createdAt: 1, _id: 1 }).limit(1).toArray()),
      );
      const times = oldest.flat().map((row): number => row.createdAt.getTime());
      return times.length === 0 ? undefined : new Date(Math.min(...times));
    });
  }

  /** What was sent is most of all by far: it is what remains of the collection's own books. */
  countByState(): Promise<Readonly<Record<OutboundState, number>>> {
    return this.#db.ask(async () => {
      const others = states.filter((state) => state !== "sent");
      const [all, ...counts] = await Promise.all([
        this.#rows.estimatedDocumentCount(),
        ...others.map((state) => this.#rows.countDocuments({ state })),
      ]);
      const sent = Math.max(0, counts.reduce((rest, one) => rest - one, all));
      return { ...Object.fromEntries(others.map((state, n) => [state, counts[n]])), sent } as Record<
        OutboundState,
        number
      >;
    });
  }
}

function toFilter({ conversationId, state }: Pick<OutboundQuery, "conversationId" | "state">): Document {
  return {
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(state === undefined ? {} : { state: { $in: [...state] } }),
  };
}
