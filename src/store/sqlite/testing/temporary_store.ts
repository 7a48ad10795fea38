import { join } from "node:path";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { openSqliteTransfer } from "@/store/sqlite/transfer.ts";
import type { MovableStore } from "@/store/testing/transfer_checks.ts";

export interface TemporaryStore extends MovableStore {
  readonly clock: ManualClock;
  /** The database's file. */
  readonly path: string;
}

/** Two handles on a new database in a folder of its own, which goes away with it. */
export async function openTemporaryStore(): Promise<TemporaryStore> {
  const dir = await Deno.makeTempDir({ prefix: "moca-" });
  const path = join(dir, "moca.db");
  const clock = new ManualClock();
  const another = (): Promise<Store> => openSqliteStore({ path, clock });
  const [one, two] = [await another(), await another()];
  return {
    one,
    two,
    clock,
    path,
    another,
    transfer: () => Promise.resolve(openSqliteTransfer(path)),
    async [Symbol.asyncDispose](): Promise<void> {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}
