import type { Collection } from "mongodb";
import { isDuplicate, type Row } from "@/store/mongodb/database.ts";

/**
 * Writes a document that carries its own `ver`: a new one when `expectedVer` is 0, else over exactly that version.
 * `conflict`: somebody else was faster, and nothing is written (C22).
 */
export async function putVersioned(
  rows: Collection<Row>,
  row: Row,
  expectedVer: number,
): Promise<"stored" | "conflict"> {
  const isStored = expectedVer === 0 ? await insert(rows, row) : await replace(rows, row, expectedVer);
  return isStored ? "stored" : "conflict";
}

async function insert(rows: Collection<Row>, row: Row): Promise<boolean> {
  try {
    await rows.insertOne(row);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

async function replace(rows: Collection<Row>, { _id, ...row }: Row, ver: number): Promise<boolean> {
  const { matchedCount } = await rows.replaceOne({ _id, ver }, row);
  return matchedCount === 1;
}
