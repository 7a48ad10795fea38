import type { ConversationId, Message } from "@/store/records.ts";
import type { MessageMark, MessageStore, PeriodQuery } from "@/store/store.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import { type Database, farFuture } from "@/store/mongodb/database.ts";
import { beforePosition } from "@/store/mongodb/paging.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

export class MongoMessages implements MessageStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("messages");
  }

  byIds(ids: readonly string[]): Promise<readonly Message[]> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ _id: { $in: [...ids] } }).sort({ at: 1, _id: 1 }).toArray();
      return rows.map((row) => fromRow<Message>(row));
    });
  }

  related(accountId: string, mids: readonly string[]): Promise<readonly Message[]> {
    const among = { $in: [...mids] };
    return this.#db.ask(async () => {
      const filter = { $or: [{ accountId, mid: among }, { accountId, refMid: among }] };
      const rows = await this.#rows.find(filter).sort({ at: 1, _id: 1 }).toArray();
      return rows.map((row) => fromRow<Message>(row));
    });
  }

  page(
    conversationId: ConversationId,
    { before, limit }: { before?: string | Date; limit: number },
  ): Promise<{ readonly items: readonly Message[]; readonly nextCursor?: string }> {
    const position = before instanceof Date ? { at: before.getTime(), id: "" } : fromCursor(before);
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ conversationId, ...beforePosition("at", position) })
        .sort({ at: -1, _id: -1 }).limit(limit + 1).toArray();
      const oldest = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).reverse().map((row) => fromRow<Message>(row)),
        ...(oldest && { nextCursor: toCursor({ at: oldest.at.getTime(), id: oldest._id }) }),
      };
    });
  }

  marks({ accountId, since, before, limit }: PeriodQuery): Promise<readonly MessageMark[]> {
    const times = { $gte: since, $lt: before ?? farFuture };
    const filter = { accountId, at: times, role: { $ne: "system" }, standby: false, test: false };
    return this.#db.ask(() =>
      this.#rows.find(filter).project<MessageMark>({
        _id: 0,
        conversationId: 1,
        at: 1,
        receivedAt: 1,
        author: 1,
        source: 1,
      })
        .sort({ at: -1 }).limit(limit).toArray()
    );
  }

  removeBefore(accountId: string, at: Date): Promise<number> {
    return this.#db.ask(async () => (await this.#rows.deleteMany({ accountId, at: { $lt: at } })).deletedCount);
  }

  /** From the collection's own books: exact but for a moment after a crash of the database. */
  count(): Promise<number> {
    return this.#db.ask(() => this.#rows.estimatedDocumentCount());
  }
}
