import { StoreUnavailableError } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { firstSchema } from "@/store/sqlite/schema_001.ts";

/** In order; the database's `user_version` says how many were run. One that was released is never changed. */
export const migrations: readonly string[] = [firstSchema];

/**
 * Brings the tables up to date, each step in its own transaction.
 *
 * @throws {StoreUnavailableError} when a newer Moca has written the database.
 */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  const version = userVersion(db);
  if (version > steps.length) {
    throw new StoreUnavailableError(
      `Cannot open the database: its tables are of version ${version}, wants ${steps.length} or older; use a newer Moca`,
    );
  }
  for (let next = version; next < steps.length; next++) {
    db.inTransaction(() => {
      if (userVersion(db) > next) return;
      db.exec(steps[next]);
      db.exec(`PRAGMA user_version = ${next + 1}`);
    });
  }
}

function userVersion(db: Database): number {
  return db.one<{ version: number }>("SELECT user_version AS version FROM pragma_user_version")?.version ?? 0;
}
