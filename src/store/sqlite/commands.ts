import type { Command } from "@/store/records.ts";
import type { CommandStore } from "@/store/store.ts";
import { decode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteCommands implements CommandStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(id: string): Promise<Command | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM commands WHERE id = :id", { id });
      return row && decode<Command>(row.data);
    });
  }

  removeBefore(at: Date): Promise<number> {
    return this.#db.ask(() => this.#db.run("DELETE FROM commands WHERE at < :at", { at: at.getTime() }));
  }
}
