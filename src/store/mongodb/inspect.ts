import type { Account } from "@/store/records.ts";
import { isSandboxes, sandboxMark } from "@/store/sandbox_mark.ts";
import { MongoAccounts } from "@/store/mongodb/accounts.ts";
import { Database } from "@/store/mongodb/database.ts";
import { MongoLimits } from "@/store/mongodb/limits.ts";
import type { MongoServer } from "@/store/mongodb/mongodb_store.ts";
import { describeServer } from "@/store/mongodb/opened_store.ts";

/** A database as it is found. */
export interface MongoInspection {
  readonly server: MongoServer;
  readonly accounts: readonly Account[];
  /** A sandbox filled it. */
  readonly isSandboxes: boolean;
}

/**
 * Reads what a check needs to know, and changes nothing.
 *
 * @throws {StoreUnavailableError} when no server answers within 5 s
 */
export async function inspectMongo(
  uri: string,
): Promise<MongoInspection> {
  const db = await Database.open(uri);
  try {
    const accounts = await new MongoAccounts(db).list();
    const hasMark = await new MongoLimits(db, () => new Date()).get(sandboxMark) !== undefined;
    return { server: await describeServer(db), accounts, isSandboxes: isSandboxes({ hasMark, accounts }) };
  } finally {
    await db.close();
  }
}
