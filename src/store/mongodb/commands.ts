import type { Command } from "@/store/records.ts";
import type { CommandStore } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

/** As opposed to one that a conversation has only put its name to. */
export const done = { bodyHash: { $exists: true } } as const;

export class MongoCommands implements CommandStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(id: string): Promise<Command | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#db.rows("commands").findOne({ _id: id, ...done });
      return row === null ? undefined : fromRow<Command>(row);
    });
  }

  removeBefore(at: Date): Promise<number> {
    return this.#db.ask(async () => (await this.#db.rows("commands").deleteMany({ at: { $lt: at } })).deletedCount);
  }
}
