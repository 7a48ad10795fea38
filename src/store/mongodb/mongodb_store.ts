import type { Clock } from "@/clock.ts";
import type { Store } from "@/store/store.ts";

export interface MongoOptions {
  /** As MongoDB writes it; the database that it names is used, `moca` when it names none. */
  readonly uri: string;
  readonly clock: Clock;
  /**
   * What `now()` goes by. `database` (the default): the clock, corrected each minute by the database's, so that
   * instances agree. `clock`: the clock alone, for tests that set it.
   */
  readonly timeSource?: "database" | "clock";
}

/** What answers behind the URI. */
export interface MongoServer {
  readonly version: string;
  /** `single`: one copy of the data, which a warning should tell. */
  readonly kind: "single" | "replicaSet" | "sharded";
}

/**
 * Opens the store on MongoDB, brings its collections up to date and makes the indexes that are missing. Any number of
 * instances may. The driver is loaded here, so that who does not use it does not pay for it. Disposing may be
 * done twice.
 *
 * @throws {StoreUnavailableError} when no server answers within 5 s, or when a newer Moca has written the database.
 */
export async function openMongoStore(options: MongoOptions): Promise<Store & { readonly server: MongoServer }> {
  const { openStore } = await import("@/store/mongodb/opened_store.ts");
  return await openStore(options);
}
