import { setImmediate } from "node:timers/promises";
import type { CollectionName, Collections, CopyMark, LimitRecord, Page, Transfer } from "@/store/transfer.ts";
import { collectionNames, pageSize } from "@/store/transfer.ts";
import { decode } from "@/store/sqlite/codec.ts";
import { readMark, writeMark } from "@/store/sqlite/copy_mark.ts";
import { Database } from "@/store/sqlite/database.ts";
import { migrate } from "@/store/sqlite/migrations.ts";
import { writers } from "@/store/sqlite/transfer_writers.ts";

type Columns = Readonly<Record<string, unknown>> & { readonly position: string | number };

/** A power cut takes the newest steps back, together, and a copy goes on from there. */
const inBulk = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -200000; PRAGMA wal_autocheckpoint = 16000";

/**
 * Opens the embedded database's data as a whole, and makes the tables when there are none. The caller holds the data
 * folder's lock.
 *
 * @throws {StoreUnavailableError} when the file cannot be used, or when a newer Moca has written it
 */
export function openSqliteTransfer(path: string): Transfer {
  const db = Database.open(path);
  try {
    db.exec(inBulk);
    migrate(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return new SqliteTransfer(db);
}

class SqliteTransfer implements Transfer {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A transaction leaves nothing half done. */
  settle(): Promise<void> {
    return Promise.resolve();
  }

  count(name: CollectionName): Promise<number> {
    return this.#db.ask(() => this.#db.one<{ count: number }>(`SELECT count(*) AS count FROM ${name}`)?.count ?? 0);
  }

  async *read<Name extends CollectionName>(name: Name, after?: string): AsyncIterable<Page<Name>> {
    const { column, first } = places[name];
    const sql = `SELECT *, ${column} AS position FROM ${name} WHERE ${column} > :after ORDER BY ${column} LIMIT :limit`;
    let position: string | number = after === undefined ? first : typeof first === "number" ? Number(after) : after;
    for (;;) {
      const rows = await this.#db.ask(() => this.#db.all<Columns>(sql, { after: position, limit: pageSize }));
      if (rows.length === 0) return;
      // SQLite's calls never wait: without a break nobody else, a signal for one, would be heard.
      await setImmediate();
      position = rows[rows.length - 1].position;
      yield { records: rows.map(readers[name]), position: `${position}` };
    }
  }

  write<Name extends CollectionName>(
    name: Name,
    records: readonly Collections[Name][],
    ordinal: number,
  ): Promise<void> {
    return this.#db.transact(() => writers[name](this.#db, records, ordinal));
  }

  empty(): Promise<void> {
    return this.#db.transact(() => {
      for (const name of collectionNames) this.#db.run(`DELETE FROM ${name}`);
      for (const name of ["tags", "search", "search_knowledge", "words", "vocabulary", "feed"]) {
        this.#db.run(`DELETE FROM ${name}`);
      }
    });
  }

  mark(): Promise<CopyMark | undefined> {
    return this.#db.ask(() => readMark(this.#db));
  }

  setMark(mark: CopyMark): Promise<void> {
    return this.#db.ask(() => writeMark(this.#db, mark));
  }

  /** The folder's lock, which the caller holds, keeps every instance out. */
  workers(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#db.ask(() => this.#db.close());
  }
}

const byNumber = { column: "n", first: -1 } as const;
const byId = { column: "id", first: "" } as const;

/** The column in whose order a table is read, and what lies before all of it. */
const places: Readonly<Record<CollectionName, { readonly column: string; readonly first: string | number }>> = {
  accounts: byId,
  knowledge: byNumber,
  conversations: byNumber,
  contacts: byId,
  debounce: { column: "conversation_id", first: "" },
  "outbound_queue": byId,
  messages: byNumber,
  turns: byId,
  commands: byId,
  "canned_replies": byId,
  "saved_views": byId,
  simulations: byId,
  "typed_texts": byId,
  envelopes: byNumber,
  limits: { column: "key", first: "" },
  operators: byId,
  sessions: byId,
  "audit_log": byNumber,
};

function whole<Rec>({ data }: Columns): Rec {
  return decode<Rec>(String(data));
}

const readers: { readonly [Name in CollectionName]: (row: Columns) => Collections[Name] } = {
  accounts: whole,
  knowledge: whole,
  conversations: whole,
  contacts: whole,
  debounce: whole,
  "outbound_queue": whole,
  messages: whole,
  turns: whole,
  commands: whole,
  "canned_replies": whole,
  "saved_views": whole,
  simulations: whole,
  "typed_texts": whole,
  envelopes: ({ id, body, state, received_at: at, attempts, note }) => ({
    id: String(id),
    body: body as Uint8Array,
    state: state as "new" | "split" | "dead",
    receivedAt: new Date(Number(at)),
    attempts: Number(attempts),
    ...(note === null ? {} : { note: String(note) }),
  }),
  limits: toLimit,
  operators: whole,
  sessions: whole,
  "audit_log": whole,
};

function toLimit(
  { key, next_at: nextAt, paused_until: until, strikes, reason, reading, read_at: readAt }: Columns,
): LimitRecord {
  return {
    key: String(key),
    strikes: Number(strikes),
    ...(nextAt === 0 ? {} : { nextAt: new Date(Number(nextAt)) }),
    ...(until === null ? {} : { pausedUntil: new Date(Number(until)) }),
    ...(reason === null ? {} : { reason: String(reason) }),
    ...(reading === null ? {} : { reading: Number(reading) }),
    ...(readAt === null ? {} : { readAt: new Date(Number(readAt)) }),
  };
}
