import { lockDataDir } from "@/store/data_dir_lock.ts";
import { openSqliteTransfer } from "@/store/sqlite/transfer.ts";
import type { Transfer } from "@/store/transfer.ts";

/** Whether the place is a MongoDB's URI; else it is a data folder. */
export function isMongo(place: string): boolean {
  return /^mongodb(\+srv)?:\/\//.test(place);
}

/** The place for people to read: a URI without user and password. */
export function nameOf(place: string): string {
  return isMongo(place) ? place.replace(/\/\/[^@/]*@/, "//").replace(/\?.*$/, "") : place;
}

/**
 * Opens a data folder, which no Moca may run on until it is disposed, or a MongoDB's database. Makes what is missing.
 *
 * @throws {DataDirError} when a Moca runs on the folder
 * @throws {StoreUnavailableError} when the database cannot be used
 */
export async function openTransfer(place: string): Promise<Transfer> {
  if (isMongo(place)) {
    const { openMongoTransfer } = await import("@/store/mongodb/transfer.ts");
    return await openMongoTransfer(place);
  }
  const lock = await lockDataDir(place);
  try {
    const transfer = openSqliteTransfer(`${place}/moca.db`);
    return withEnd(transfer, lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** The transfer, whose disposing gives back the lock as well. */
function withEnd(transfer: Transfer, lock: AsyncDisposable): Transfer {
  const dispose = transfer[Symbol.asyncDispose].bind(transfer);
  return Object.assign(transfer, {
    [Symbol.asyncDispose]: async () => {
      await dispose();
      await lock[Symbol.asyncDispose]();
    },
  });
}
