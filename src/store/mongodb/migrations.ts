import { StoreUnavailableError } from "@/store/store.ts";
import { type Database, isDuplicate } from "@/store/mongodb/database.ts";
import { makeIndexes } from "@/store/mongodb/indexes.ts";

/** Instances may run one at the same time, or again after a crash: each step must bear being repeated. */
export type Migration = (db: Database) => Promise<void>;

/** In order; `migrations` says which were run. One that was released is never changed. */
export const migrations: readonly Migration[] = [makeIndexes];

/**
 * Brings the collections up to date.
 *
 * @throws {StoreUnavailableError} when a newer Moca has written the database.
 */
export async function migrate(db: Database, steps: readonly Migration[] = migrations): Promise<void> {
  const version = await newestVersion(db);
  if (version > steps.length) {
    throw new StoreUnavailableError(
      `Cannot open the database: its collections are of version ${version}, wants ${steps.length} or older; use a newer Moca`,
    );
  }
  for (let next = version; next < steps.length; next++) {
    await steps[next](db);
    await record(db, next + 1);
  }
}

async function newestVersion(db: Database): Promise<number> {
  const [newest] = await db.ask(() => db.rows("migrations").find().sort({ version: -1 }).limit(1).toArray());
  return newest?.version ?? 0;
}

function record(db: Database, version: number): Promise<void> {
  return db.ask(async () => {
    try {
      await db.rows("migrations").insertOne({ _id: `${version}`, version, at: new Date() });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  });
}
