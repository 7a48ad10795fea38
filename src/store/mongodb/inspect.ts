import type { Account } from "@/store/records.ts";
import { MongoAccounts } from "@/store/mongodb/accounts.ts";
import { Database } from "@/store/mongodb/database.ts";
import type { MongoServer } from "@/store/mongodb/mongodb_store.ts";
import { describeServer } from "@/store/mongodb/opened_store.ts";

/**
 * Reads what a check needs to know, and changes nothing.
 *
 * @throws {StoreUnavailableError} when no server answers within 5 s
 */
export async function inspectMongo(
  uri: string,
): Promise<{ readonly server: MongoServer; readonly accounts: readonly Account[] }> {
  const db = await Database.open(uri);
  try {
    return { server: await describeServer(db), accounts: await new MongoAccounts(db).list() };
  } finally {
    await db.close();
  }
}
