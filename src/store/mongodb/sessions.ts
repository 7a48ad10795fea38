import type { Session } from "@/store/records.ts";
import type { SessionStore } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { fromRow, toRow } from "@/store/mongodb/rows.ts";

export class MongoSessions implements SessionStore {
  readonly #db: Database;
  readonly #now: () => Date;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("sessions");
  }

  get(id: string): Promise<Session | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : fromRow<Session>(row);
    });
  }

  list(): Promise<readonly Session[]> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ expiresAt: { $gt: this.#now() } }).sort({ seenAt: -1, _id: 1 }).toArray();
      return rows.map((row) => fromRow<Session>(row));
    });
  }

  put(session: Session): Promise<void> {
    const { _id, ...row } = toRow(session);
    return this.#db.ask(async () => {
      await this.#rows.replaceOne({ _id }, row, { upsert: true });
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: id });
    });
  }

  removeExpired(): Promise<number> {
    return this.#db.ask(async () => {
      const { deletedCount } = await this.#rows.deleteMany({ expiresAt: { $lte: this.#now() } });
      return deletedCount;
    });
  }
}
