import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { StoreUnavailableError } from "@/store/store.ts";

export type Params = Record<string, SQLInputValue>;

/** How long a statement waits for another program's write, in milliseconds: the whole process waits with it. */
const busyTimeoutMs = 500;

/** Older ones may damage a database in WAL mode. */
export const oldestSqlite = "3.51.3";

const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -24000;
  PRAGMA journal_size_limit = 67108864;
`;

/**
 * One connection. SQLite is synchronous, so each call blocks the process until it is done: statements are kept
 * small. Statements are prepared once. Whatever the database refuses becomes a `StoreUnavailableError`.
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @throws {StoreUnavailableError} when the file cannot be opened or SQLite is older than is safe. */
  static open(path: string): Database {
    return orUnavailable(() => {
      const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
      try {
        refuseOldSqlite(db);
        db.exec(pragmas);
      } catch (error) {
        db.close();
        throw error;
      }
      return new Database(db);
    });
  }

  /** Runs `work` now and answers by a promise, a failure included. */
  ask<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => resolve(work()));
  }

  /**
   * As `ask`, for what means nothing to the process that starts after a power cut: leases, slots. It is not waited for
   * until it is on the disk, where the next commit that is waited for brings it as well.
   */
  askLightly<Result>(work: () => Result): Promise<Result> {
    return this.ask(() => {
      this.exec("PRAGMA synchronous = NORMAL");
      try {
        return work();
      } finally {
        this.exec("PRAGMA synchronous = FULL");
      }
    });
  }

  /** As `ask`, in one transaction that holds the write lock from its start. */
  transact<Result>(work: () => Result): Promise<Result> {
    return this.ask(() => this.inTransaction(work));
  }

  inTransaction<Result>(work: () => Result): Result {
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** The first row. The caller names the row's shape. */
  one<Row>(sql: string, params: Params = {}): Row | undefined {
    return orUnavailable(() => this.#prepare(sql).get(params) as Row | undefined);
  }

  all<Row>(sql: string, params: Params = {}): Row[] {
    return orUnavailable(() => this.#prepare(sql).all(params) as Row[]);
  }

  /** Answers how many rows were changed. */
  run(sql: string, params: Params = {}): number {
    return orUnavailable(() => Number(this.#prepare(sql).run(params).changes));
  }

  exec(sql: string): void {
    orUnavailable(() => this.#db.exec(sql));
  }

  /** Harmless when closed already. */
  close(): void {
    if (!this.#db.isOpen) return;
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** SQLite may have rolled back by itself, on a full disk for one; the first failure is the one to tell. */
  #rollBack(): void {
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec("ROLLBACK");
  }
}

function refuseOldSqlite(db: DatabaseSync): void {
  const row = db.prepare("SELECT sqlite_version() AS version").get();
  const version = String(row?.version);
  if (compareVersions(version, oldestSqlite) < 0) {
    throw new StoreUnavailableError(`Cannot open the database: SQLite is ${version}, wants ${oldestSqlite} or newer`);
  }
}

/** Negative when `a` is older than `b`; both are numbers between dots. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  const index = left.findIndex((part, position) => part !== (right[position] ?? 0));
  return index < 0 ? left.length - right.length : left[index] - (right[index] ?? 0);
}

function orUnavailable<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!isDatabaseFailure(error)) throw error;
    throw new StoreUnavailableError(`Cannot use the database: ${error.message}`, { cause: error });
  }
}

function isDatabaseFailure(error: unknown): error is Error {
  return error instanceof Error && "code" in error &&
    (error.code === "ERR_SQLITE_ERROR" || error.code === "ERR_INVALID_STATE");
}
