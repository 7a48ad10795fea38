import { ObjectId } from "mongodb";
import type { AuditEntry } from "@/store/records.ts";
import type { AuditStore } from "@/store/store.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import { type Database, farFuture } from "@/store/mongodb/database.ts";
import { without } from "@/store/mongodb/rows.ts";

export class MongoAudit implements AuditStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(entries: readonly AuditEntry[]): Promise<void> {
    return this.#db.ask(async () => {
      if (entries.length === 0) return;
      await this.#db.rows("audit_log").insertMany(entries.map((entry) => ({ _id: newEntryId(), ...toFields(entry) })));
    });
  }

  list({ object, limit, before }: { object?: string; limit: number; before?: Date }): Promise<readonly AuditEntry[]> {
    const filter = { at: { $lt: before ?? farFuture }, ...(object === undefined ? {} : { object }) };
    return this.#db.ask(async () => {
      const rows = await this.#db.rows("audit_log").find(filter).sort({ at: -1, _id: -1 }).limit(limit).toArray();
      return rows.map((row) => fromFields<AuditEntry>(without(row, ["_id", "ver"])));
    });
  }
}

/** Later ids of one process are greater: entries of one instant keep their order. */
export function newEntryId(): string {
  return new ObjectId().toHexString();
}
