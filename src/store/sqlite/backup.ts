import { rename, rm } from "node:fs/promises";
import { backup, DatabaseSync } from "node:sqlite";

export interface BackupOptions {
  /** The database's file; it may be in use. */
  readonly from: string;
  /** The copy's file; one already there is replaced once the copy is whole. */
  readonly to: string;
}

/** Pages that are copied at a time, between which the database's owner may work. */
const pagesPerStep = 256;

/**
 * Copies the database while it is in use and checks the copy. Nothing stands at `to` unless the copy is sound.
 *
 * @throws {Error} when the database cannot be read or the copy is damaged.
 */
export async function backupSqlite({ from, to }: BackupOptions): Promise<{ readonly bytes: number }> {
  const draft = `${to}.part`;
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await backup(source, draft, { rate: pagesPerStep });
    checkCopy(draft);
    await rename(draft, to);
  } finally {
    source.close();
    for (const leftover of [draft, `${draft}-wal`, `${draft}-shm`]) await rm(leftover, { force: true });
  }
  return { bytes: (await Deno.stat(to)).size };
}

function checkCopy(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    const answer = copy.prepare("PRAGMA integrity_check(1)").get()?.integrity_check;
    if (answer !== "ok") throw new Error(`Cannot back up the database: the copy is damaged (${answer}), wants "ok"`);
    copy.exec("PRAGMA journal_mode = DELETE");
  } finally {
    copy.close();
  }
}
