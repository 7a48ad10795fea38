import { createHash } from "node:crypto";
import { StoreUnavailableError } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { firstSchema } from "@/store/sqlite/schema_001.ts";

/**
 * In order; the database's `user_version` says how many were run, its `application_id` which. One that was released is
 * never changed.
 */
export const migrations: readonly string[] = [firstSchema];

/**
 * Brings the tables up to date, each step in its own transaction.
 *
 * @throws {StoreUnavailableError} when a newer Moca has written the database, or one whose tables were others.
 */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  const version = userVersion(db);
  if (version > steps.length) {
    throw new StoreUnavailableError(
      `Cannot open the database: its tables are of version ${version}, wants ${steps.length} or older; use a newer Moca`,
    );
  }
  if (version > 0 && applicationId(db) !== identityOf(version, steps)) {
    throw new StoreUnavailableError(
      `Cannot open the database: its tables were made by a build of Moca that was never released, wants those of version ${version}; use that build, or begin with another data folder`,
    );
  }
  for (let next = version; next < steps.length; next++) {
    db.inTransaction(() => {
      if (userVersion(db) > next) return;
      db.exec(steps[next]);
      db.exec(`PRAGMA user_version = ${next + 1}`);
      db.exec(`PRAGMA application_id = ${identityOf(next + 1, steps)}`);
    });
  }
}

function userVersion(db: Database): number {
  return db.one<{ version: number }>("SELECT user_version AS version FROM pragma_user_version")?.version ?? 0;
}

function applicationId(db: Database): number {
  return db.one<{ id: number }>("SELECT application_id AS id FROM pragma_application_id")?.id ?? 0;
}

/** A number for the tables that the first so many steps make, never 0. */
export function identityOf(version: number, steps: readonly string[] = migrations): number {
  return (createHash("sha256").update(steps.slice(0, version).join("\0")).digest().readUInt32BE() >>> 1) | 1;
}
