/**
 * `deno task backup`: copies the embedded database, in use or not, into `<MOCA_DATA_DIR>/backups/` and keeps the
 * newest 24 copies. The key that seals access tokens is not in it.
 */
import { readEnvironment } from "@/env_file.ts";
import { sandboxFolder } from "@/sandbox_place.ts";
import { backupSqlite } from "@/store/sqlite/backup.ts";

/** The copies, oldest first, by their names; other files in the folder are left alone. */
const copyName = /^moca-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.db$/;

const kept = 24;

export interface Backup {
  /** The new copy's file. */
  readonly path: string;
  readonly bytes: number;
  /** Copies in the folder, the new one included; 24 at most. */
  readonly copies: number;
}

/**
 * Makes one more copy of `<dataDir>/moca.db` and removes the oldest beyond 24. Nothing is removed unless the new
 * copy is sound.
 *
 * @throws {Error} when there is no database, or when it cannot be copied
 */
export async function backUpDataDir(dataDir: string, now: Date): Promise<Backup> {
  await mustExist(`${dataDir}/moca.db`);
  const folder = `${dataDir}/backups`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/moca-${now.toISOString().replaceAll(/[:.]/g, "-")}.db`;
  const { bytes } = await backupSqlite({ from: `${dataDir}/moca.db`, to: path });
  await Deno.chmod(path, 0o600);
  return { path, bytes, copies: await removeOldest(dataDir) };
}

/** The copies of a data folder, oldest first; none when there is no folder of them. */
export async function listBackups(dataDir: string): Promise<readonly string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir(`${dataDir}/backups`), ({ name }) => name);
    return names.filter((name) => copyName.test(name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function mustExist(path: string): Promise<void> {
  if (await isThere(path)) return;
  throw new Error(`Cannot back up "${path}": it is not there, wants MOCA_DATA_DIR to name the folder Moca works in`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Answers how many are left. */
async function removeOldest(dataDir: string): Promise<number> {
  const copies = await listBackups(dataDir);
  const surplus = copies.slice(0, -kept);
  for (const name of surplus) await Deno.remove(`${dataDir}/backups/${name}`);
  return copies.length - surplus.length;
}

/** Where there was never a live Moca, the sandbox's data are meant. */
async function folderIn(dataDir: string): Promise<string> {
  const sandbox = sandboxFolder(dataDir);
  return !await isThere(`${dataDir}/moca.db`) && await isThere(`${sandbox}/moca.db`) ? sandbox : dataDir;
}

async function main(): Promise<void> {
  const env = readEnvironment(["MOCA_DATA_DIR", "MONGODB_URI"]);
  if (env["MONGODB_URI"]) {
    throw new Error(
      "Cannot back up: MONGODB_URI is set, so the data is in MongoDB; wants mongodump or its own backups",
    );
  }
  const { path, bytes, copies } = await backUpDataDir(await folderIn(env["MOCA_DATA_DIR"] || "./data"), new Date());
  const size = (bytes / 1_000_000).toFixed(1);
  await Deno.stdout.write(
    new TextEncoder().encode(`${path}: ${size} MB, checked; ${copies} of at most ${kept} kept\n`),
  );
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    await Deno.stderr.write(new TextEncoder().encode(`${error instanceof Error ? error.message : error}\n`));
    Deno.exit(1);
  }
}
