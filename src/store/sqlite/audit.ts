import type { AuditEntry } from "@/store/records.ts";
import type { AuditQuery, AuditStore } from "@/store/store.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
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

  async list(query: AuditQuery): Promise<readonly AuditEntry[]> {
    return (await this.page(query)).items;
  }

  page(query: AuditQuery): Promise<{ readonly items: readonly AuditEntry[]; readonly nextCursor?: string }> {
    const { where, params } = toFilter(query);
    return this.#db.ask(() => {
      const rows = this.#db.all<EntryRow>(
        `SELECT n, at, data FROM audit_log WHERE ${where.join(" AND ")} ORDER BY at DESC, n DESC LIMIT :limit`,
        { ...params, limit: query.limit + 1 },
      );
      const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
      const items = rows.slice(0, query.limit).map(({ data }) => decode<AuditEntry>(data));
      return { items, ...(last && { nextCursor: toCursor({ at: last.at, id: String(last.n) }) }) };
    });
  }
}

interface EntryRow extends DataRow {
  readonly n: number;
  readonly at: number;
}

function toFilter({ object, actor, action, since, before, cursor }: AuditQuery): {
  readonly where: readonly string[];
  readonly params: Readonly<Record<string, string | number>>;
} {
  const equal = Object.entries({ object, actor, action }).filter((each): each is [string, string] =>
    each[1] !== undefined
  );
  const position = fromCursor(cursor);
  const where = ["at >= :since", "at < :before", ...equal.map(([name]) => `${name} = :${name}`)];
  const bounds = { since: since?.getTime() ?? 0, before: before?.getTime() ?? Number.MAX_SAFE_INTEGER };
  const params = { ...Object.fromEntries(equal), ...bounds };
  if (position === undefined) return { where, params };
  return { where: [...where, "(at, n) < (:at, :n)"], params: { ...params, at: position.at, n: Number(position.id) } };
}

/** Inside the caller's transaction. */
export function insertAudit(db: Database, entries: readonly AuditEntry[]): void {
  for (const entry of entries) {
    db.run(
      `INSERT INTO audit_log (id, at, object, actor, action, data)
       VALUES (:id, :at, :object, :actor, :action, :data)`,
      entryColumns(entry),
    );
  }
}

export function entryColumns(entry: AuditEntry): Readonly<Record<string, string | number>> {
  const { id, at, object, actor, action } = entry;
  return { id, at: at.getTime(), object, actor, action, data: encode(entry) };
}
