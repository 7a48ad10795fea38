import { join } from "node:path";

/** The data directory cannot be used; the message says why and what would help. */
export class DataDirError extends Error {
  override readonly name = "DataDirError";
}

/**
 * Makes the data directory when it is missing and keeps every other Moca out of it until disposed. The lock is
 * the operating system's: it ends with the process, however that ends.
 *
 * @throws {DataDirError} when another process holds it, or when the directory cannot be made or written.
 */
export async function lockDataDir(dir: string): Promise<AsyncDisposable> {
  const file = await openLockFile(dir);
  if (await file.tryLock(true)) return { [Symbol.asyncDispose]: () => release(file) };
  file.close();
  throw new DataDirError(
    `Cannot use data directory "${dir}": another Moca runs on it, wants one process or MONGODB_URI`,
  );
}

async function openLockFile(dir: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
    return await Deno.open(join(dir, "moca.lock"), { create: true, write: true });
  } catch (cause) {
    throw new DataDirError(`Cannot use data directory "${dir}": it cannot be written, wants a writable directory`, {
      cause,
    });
  }
}

/** Closing gives the lock back; the file stays, because removing it would let two processes lock two files. */
function release(file: Deno.FsFile): Promise<void> {
  try {
    file.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
  return Promise.resolve();
}
