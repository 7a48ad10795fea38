import type { AuditEntry } from "@/store/records.ts";
import type { AuditStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteAudit implements AuditStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(entries: readonly AuditEntry[]): Promise<void> {
    return this.#db.transact(() => insertAudit(this.#db, entries));
  }

  list({ object, limit, before }: { object?: string; limit: number; before?: Date }): Promise<readonly AuditEntry[]> {
    const filters = ["at < :before", ...(object === undefined ? [] : ["object = :object"])];
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        `SELECT data FROM audit_log WHERE ${filters.join(" AND ")} ORDER BY at DESC, n DESC LIMIT :limit`,
        {
          before: before?.getTime() ?? Number.MAX_SAFE_INTEGER,
          limit,
          ...(object === undefined ? {} : { object }),
        },
      ).map(({ data }) => decode<AuditEntry>(data))
    );
  }
}

/** Inside the caller's transaction. */
export function insertAudit(db: Database, entries: readonly AuditEntry[]): void {
  for (const entry of entries) {
    db.run("INSERT INTO audit_log (id, at, object, data) VALUES (:id, :at, :object, :data)", {
      id: entry.id,
      at: entry.at.getTime(),
      object: entry.object,
      data: encode(entry),
    });
  }
}
