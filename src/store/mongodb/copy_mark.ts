import type { CopyMark } from "@/store/transfer.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { without } from "@/store/mongodb/rows.ts";

const _id = "into";

/** Absent when nothing was ever copied into the database. */
export function readMark(db: Database): Promise<CopyMark | undefined> {
  return db.ask(async () => {
    const row = await db.rows("copies").findOne({ _id });
    return row === null ? undefined : fromFields<CopyMark>(without(row, ["_id"]));
  });
}

export function writeMark(db: Database, mark: CopyMark): Promise<void> {
  return db.ask(async () => {
    await db.rows("copies").replaceOne({ _id }, toFields(mark), { upsert: true });
  });
}
