import { type Finding, ok, problem, warning } from "@/doctor/finding.ts";
import { DataDirError, lockDataDir } from "@/store/data_dir_lock.ts";

const subject = "data folder";

/** Whether the folder can be written, who reads it, and whether a Moca runs on it. Makes it when it is missing. */
export async function checkDataDir(dir: string): Promise<readonly Finding[]> {
  try {
    const lock = await lockDataDir(dir);
    await lock[Symbol.asyncDispose]();
    return [ok(subject, `${dir} can be written, no Moca runs on it`), ...await checkReaders(dir)];
  } catch (error) {
    if (!(error instanceof DataDirError)) throw error;
    if (error.cause === undefined) {
      return [ok(subject, `${dir} can be written, a Moca runs on it`), ...await checkReaders(dir)];
    }
    const cure = "Set MOCA_DATA_DIR to a folder that this user may write, or give it the folder with chown";
    return [problem(subject, `${dir} cannot be written`, cure)];
  }
}

async function checkReaders(dir: string): Promise<readonly Finding[]> {
  const { mode } = await Deno.stat(dir);
  if (mode === null || (mode & 0o077) === 0) return [];
  return [warning(subject, `others on this machine may read ${dir}, where the messages are`, `Run: chmod 700 ${dir}`)];
}
