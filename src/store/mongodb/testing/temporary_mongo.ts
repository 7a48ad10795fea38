import { MongoClient } from "mongodb";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type MongoStore, openStore } from "@/store/mongodb/opened_store.ts";
import { openMongoTransfer } from "@/store/mongodb/transfer.ts";
import type { MovableStore } from "@/store/testing/transfer_checks.ts";

export interface TemporaryMongo extends MovableStore {
  readonly one: MongoStore;
  readonly two: MongoStore;
  readonly clock: ManualClock;
  /** Names the database. */
  readonly uri: string;
  another(): Promise<MongoStore>;
}

/** Two handles on a new database of the server, which is dropped with them. */
export async function openTemporaryMongo(serverUri: string): Promise<TemporaryMongo> {
  const uri = withDatabase(serverUri, `moca_test_${crypto.randomUUID().replaceAll("-", "")}`);
  const clock = new ManualClock();
  const another = (): Promise<MongoStore> => openStore({ uri, clock, timeSource: "clock" });
  const [one, two] = [await another(), await another()];
  return {
    one,
    two,
    clock,
    uri,
    another,
    transfer: () => openMongoTransfer(uri),
    async [Symbol.asyncDispose](): Promise<void> {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
      await dropDatabase(uri);
    },
  };
}

/** The server's URI with this database in place of any that it names. */
export function withDatabase(uri: string, name: string): string {
  const [, server, query = ""] = uri.match(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/) ?? [];
  return `${server}/${name}${query}`;
}

export async function dropDatabase(uri: string): Promise<void> {
  const client = new MongoClient(uri);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}
