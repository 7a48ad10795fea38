import { DatabaseSync } from "node:sqlite";
import { decode } from "@/store/sqlite/codec.ts";
import { compareVersions, oldestSqlite } from "@/store/sqlite/database.ts";
import { identityOf, migrations } from "@/store/sqlite/migrations.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";
import type { Account } from "@/store/records.ts";
import { isSandboxes, sandboxMark } from "@/store/sandbox_mark.ts";

/** A database as it is found, in use or not. */
export interface SqliteInspection {
  readonly sqlite: string;
  /** The oldest SQLite that is safe; absent when this one is. */
  readonly tooOld?: string;
  /** `ok`, or the first damage. */
  readonly integrity: string;
  /** Numbers of the tables' version; `isForeign`: the version's number is known, the tables are another build's. */
  readonly tables: { readonly there: number; readonly wanted: number; readonly isForeign?: true };
  readonly accounts: readonly Account[];
  /** A sandbox filled it. */
  readonly isSandboxes: boolean;
}

/** Reads what a check needs to know, and changes nothing. A damaged file is a finding, not an error. */
export function inspectSqlite(path: string): SqliteInspection {
  const blank = { tables: { there: 0, wanted: migrations.length }, accounts: [], isSandboxes: false };
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      return inspect(db);
    } finally {
      db.close();
    }
  } catch (error) {
    return { sqlite: "unknown", integrity: error instanceof Error ? error.message : "unreadable", ...blank };
  }
}

function inspect(db: DatabaseSync): SqliteInspection {
  const sqlite = String(db.prepare("SELECT sqlite_version() AS version").get()?.version);
  const there = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  const isKnown = there > 0 && there <= migrations.length;
  const isForeign = isKnown && Number(db.prepare("PRAGMA application_id").get()?.application_id) !== identityOf(there);
  return {
    sqlite,
    ...(compareVersions(sqlite, oldestSqlite) < 0 ? { tooOld: oldestSqlite } : {}),
    integrity: String(db.prepare("PRAGMA integrity_check(1)").get()?.integrity_check),
    tables: { there, wanted: migrations.length, ...(isForeign && { isForeign }) },
    ...(isKnown && !isForeign ? readContent(db) : { accounts: [], isSandboxes: false }),
  };
}

function readContent(db: DatabaseSync): Pick<SqliteInspection, "accounts" | "isSandboxes"> {
  const accounts = readAccounts(db);
  const hasMark = db.prepare("SELECT 1 FROM limits WHERE key = ?").get(sandboxMark) !== undefined;
  return { accounts, isSandboxes: isSandboxes({ hasMark, accounts }) };
}

function readAccounts(db: DatabaseSync): readonly Account[] {
  const rows = db.prepare("SELECT data FROM accounts ORDER BY id").all() as unknown as DataRow[];
  return rows.map(({ data }) => decode<Account>(data));
}
