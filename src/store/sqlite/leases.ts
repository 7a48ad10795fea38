import type { ConversationId } from "@/store/records.ts";
import type { ClaimOptions } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";

/** Where a kind of work keeps its due times and leases. */
interface LeaseColumns {
  readonly table: string;
  readonly id: string;
  readonly owner: string;
  readonly until: string;
}

const columnsOf: Readonly<Record<"turn" | "send", LeaseColumns>> = {
  turn: { table: "debounce", id: "conversation_id", owner: "lease_owner", until: "lease_until" },
  send: { table: "conversations", id: "id", owner: "send_lease_owner", until: "send_lease_until" },
};

/** Who works on which conversation, and until when. One for turns, one for sends. */
export class Leases {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #columns: LeaseColumns;

  constructor(db: Database, options: { kind: "turn" | "send"; now: () => Date }) {
    this.#db = db;
    this.#now = options.now;
    this.#columns = columnsOf[options.kind];
  }

  /** What is due and free, longest due first. */
  claim({ owner, leaseMs, limit }: ClaimOptions): readonly ConversationId[] {
    const columns = this.#columns;
    const now = this.#now().getTime();
    // A write takes the database's lock and touches its file, even when it finds nothing.
    if ((this.nextDueAt()?.getTime() ?? Infinity) > now) return [];
    const claimed = this.#db.all<{ id: ConversationId; dueAt: number }>(
      `UPDATE ${columns.table} SET ${columns.owner} = :owner, ${columns.until} = :leaseUntil
       WHERE rowid IN (
         SELECT rowid FROM ${columns.table}
         WHERE due_at <= :now AND (${columns.until} IS NULL OR ${columns.until} <= :now)
         ORDER BY due_at LIMIT :limit
       ) RETURNING ${columns.id} AS id, due_at AS dueAt`,
      { owner, leaseUntil: now + leaseMs, now, limit },
    );
    return claimed.sort((a, b) => a.dueAt - b.dueAt).map(({ id }) => id);
  }

  extend(id: ConversationId, { owner, leaseMs }: { owner: string; leaseMs: number }): boolean {
    const { table, id: key, owner: ownerColumn, until } = this.#columns;
    const now = this.#now().getTime();
    const changes = this.#db.run(
      `UPDATE ${table} SET ${until} = :leaseUntil WHERE ${key} = :id AND ${ownerColumn} = :owner AND ${until} > :now`,
      { id, owner, leaseUntil: now + leaseMs, now },
    );
    return changes === 1;
  }

  release(id: ConversationId, owner: string): void {
    const { table, id: key, owner: ownerColumn, until } = this.#columns;
    this.#db.run(
      `UPDATE ${table} SET ${ownerColumn} = NULL, ${until} = NULL WHERE ${key} = :id AND ${ownerColumn} = :owner`,
      { id, owner },
    );
  }

  forget(): void {
    const { table, owner, until } = this.#columns;
    this.#db.run(`UPDATE ${table} SET ${owner} = NULL, ${until} = NULL WHERE ${owner} IS NOT NULL`);
  }

  nextDueAt(): Date | undefined {
    const { table, until } = this.#columns;
    const row = this.#db.one<{ dueAt: number }>(
      `SELECT due_at AS dueAt FROM ${table} WHERE due_at IS NOT NULL AND (${until} IS NULL OR ${until} <= :now)
       ORDER BY due_at LIMIT 1`,
      { now: this.#now().getTime() },
    );
    return row && new Date(row.dueAt);
  }
}
