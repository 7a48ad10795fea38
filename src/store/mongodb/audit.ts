import { type Document, ObjectId } from "mongodb";
import type { AuditEntry } from "@/store/records.ts";
import type { AuditQuery, AuditStore } from "@/store/store.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import { type Database, farFuture } from "@/store/mongodb/database.ts";
import { beforePosition } from "@/store/mongodb/paging.ts";
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

  async list(query: AuditQuery): Promise<readonly AuditEntry[]> {
    return (await this.page(query)).items;
  }

  page(query: AuditQuery): Promise<{ readonly items: readonly AuditEntry[]; readonly nextCursor?: string }> {
    return this.#db.ask(async () => {
      const rows = await this.#db.rows("audit_log").find(toFilter(query)).sort({ at: -1, _id: -1 })
        .limit(query.limit + 1).toArray();
      const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
      const items = rows.slice(0, query.limit).map((row) => fromFields<AuditEntry>(without(row, ["_id", "ver"])));
      return { items, ...(last && { nextCursor: toCursor({ at: last["at"].getTime(), id: last._id }) }) };
    });
  }
}

function toFilter({ object, actor, action, since, before, cursor }: AuditQuery): Document {
  const equal = Object.entries({ object, actor, action }).filter(([, value]) => value !== undefined);
  const { at, ...rest } = beforePosition("at", fromCursor(cursor));
  const times = { ...at, $lt: before ?? farFuture, ...(since === undefined ? {} : { $gte: since }) };
  return { ...Object.fromEntries(equal), ...rest, at: times };
}

/** Later ids of one process are greater: entries of one instant keep their order. */
export function newEntryId(): string {
  return new ObjectId().toHexString();
}
