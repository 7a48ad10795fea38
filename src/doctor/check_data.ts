import { type Finding, ok, problem, warning } from "@/doctor/finding.ts";

/** What an embedded database says of itself. */
export interface SqliteFile {
  /** SQLite's own version. */
  readonly sqlite: string;
  /** Why that SQLite is not used; absent when it is fine. */
  readonly tooOld?: string;
  /** `ok`, or the first damage. */
  readonly integrity: string;
  /** Numbers of the tables' version, there and in this Moca; `isForeign`: another build made them. */
  readonly tables: { readonly there: number; readonly wanted: number; readonly isForeign?: true };
}

/** Judges the database's file. */
export function checkSqlite({ sqlite, tooOld, integrity, tables }: SqliteFile): readonly Finding[] {
  const subject = "database";
  if (tooOld !== undefined) {
    return [problem(subject, `SQLite is ${sqlite}`, `Use a Deno that brings ${tooOld} or newer`)];
  }
  if (integrity !== "ok") {
    return [problem(subject, `it is damaged (${integrity})`, "Stop Moca and put the newest backup in its place")];
  }
  if (tables.there > tables.wanted) {
    const found = `its tables are of version ${tables.there}, this Moca knows ${tables.wanted}`;
    return [problem(subject, found, "Use the newer Moca again, or the backup from before the upgrade")];
  }
  if (tables.isForeign) {
    const found = "its tables were made by a build of Moca that was never released";
    return [problem(subject, found, "Use that build, or begin with another data folder")];
  }
  const upgrade = tables.there < tables.wanted ? `, to be upgraded to ${tables.wanted} at the next start` : "";
  return [ok(subject, `SQLite ${sqlite}, sound, tables of version ${tables.there}${upgrade}`)];
}

const twoDaysMs = 2 * 24 * 3_600_000;

/** Judges the age of the newest copy; `names` are those of `listBackups`, oldest first. */
export function checkBackups(names: readonly string[], now: Date): Finding {
  const subject = "backups";
  const newest = names.at(-1);
  const cure = "Run `deno task backup` every day and copy the file to another machine";
  if (newest === undefined) return warning(subject, "there is none yet", cure);
  const madeAt = instantOf(newest);
  const isOld = now.getTime() - madeAt.getTime() > twoDaysMs;
  const found = `${names.length}, the newest of ${madeAt.toISOString().slice(0, 16)}Z`;
  return isOld ? warning(subject, found, cure) : ok(subject, found);
}

/** `moca-2026-11-24T12-00-00-000Z.db` is of noon. */
function instantOf(name: string): Date {
  return new Date(name.replace(/^moca-(\S+)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.db$/, "$1T$2:$3:$4.$5Z"));
}
