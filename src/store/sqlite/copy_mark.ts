import type { CopyMark } from "@/store/transfer.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

const id = "into";

/** Absent when nothing was ever copied into the database. */
export function readMark(db: Database): CopyMark | undefined {
  const row = db.one<DataRow>("SELECT data FROM copies WHERE id = :id", { id });
  return row && decode<CopyMark>(row.data);
}

export function writeMark(db: Database, mark: CopyMark): void {
  const data = encode(mark);
  db.run("INSERT INTO copies VALUES (:id, :data) ON CONFLICT DO UPDATE SET data = excluded.data", { id, data });
}
