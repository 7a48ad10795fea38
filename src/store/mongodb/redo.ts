/**
 * The rest of a commit. MongoDB writes one document at a time whole, so a commit puts the change's other rows into the
 * head as a redo list, writes them, and then clears the list. Whoever meets a list finishes it, so each step
 * may be done by several, late, and more than once:
 *
 * - a row that carries a newer `ver` stays as it is;
 * - a row that is only added stays as it is when it is there;
 * - the list is cleared only after every row was written with majority and the commit was announced in the feed,
 *   and only the list of that `ver`.
 */
import { type AnyBulkWriteOperation, MongoBulkWriteError } from "mongodb";
import type { Change } from "@/conversation/aggregate.ts";
import { toFields } from "@/store/mongodb/codec.ts";
import { type Database, isDuplicate, type Row } from "@/store/mongodb/database.ts";
import type { Head, RedoRow } from "@/store/mongodb/head.ts";
import { announce } from "@/store/mongodb/feed.ts";
import { newEntryId } from "@/store/mongodb/audit.ts";
import { toContactRow, toDebounceRow, toMessageRow, toRow, toTurnRow } from "@/store/mongodb/rows.ts";

/** A command that is claimed at most. */
const undone = { bodyHash: { $exists: false } } as const;

type Write = AnyBulkWriteOperation<Row>;

/** All that the change writes beside the conversation. */
export function toRedo({ base, next, messages, turns, commands, audit }: Change): RedoRow[] {
  const isNew = base.conversation.ver === 0;
  const changedItems = next.outbound.filter((item) => !base.outbound.includes(item));
  return [
    ...(isNew || next.contact !== base.contact ? [{ in: "contacts" as const, row: toContactRow(next.contact) }] : []),
    ...(isNew || next.debounce !== base.debounce
      ? [{ in: "debounce" as const, row: toDebounceRow(next.debounce) }]
      : []),
    ...changedItems.map((item) => ({ in: "outbound_queue" as const, row: toRow(item) })),
    ...messages.map((message) => ({ in: "messages" as const, row: toMessageRow(message) })),
    ...turns.map((turn) => ({ in: "turns" as const, row: toTurnRow(turn) })),
    ...commands.map((command) => ({ in: "commands" as const, row: toRow(command) })),
    ...audit.map((entry) => ({ in: "audit_log" as const, row: { _id: newEntryId(), ...toFields(entry) } })),
  ];
}

/** Writes the head's redo list, announces the commit and clears the list; nothing to do when it has none. */
export async function finishRedo(db: Database, head: Head): Promise<void> {
  if (head.redo === undefined) return;
  const byCollection = Map.groupBy(head.redo, (row) => row.in);
  await Promise.all(
    [...byCollection].map(([name, rows]) => writeRows(db, name, rows.map((row) => toWrite(row, head.ver)))),
  );
  await announce(db, head._id, head.committedAt ?? new Date());
  await db.rows("conversations").updateOne({ _id: head._id, ver: head.ver }, { $unset: { redo: "", redoSince: "" } });
}

function toWrite({ in: name, row: { _id, ...fields } }: RedoRow, ver: number): Write {
  if (name === "commands") {
    return { updateOne: { filter: { _id, ...undone }, update: { $set: { ...fields, ver } }, upsert: true } };
  }
  if (name === "audit_log") {
    return { updateOne: { filter: { _id }, update: { $setOnInsert: { ...fields, ver } }, upsert: true } };
  }
  return { replaceOne: { filter: { _id, ver: { $lt: ver } }, replacement: { ...fields, ver }, upsert: true } };
}

async function writeRows(db: Database, name: RedoRow["in"], writes: Write[]): Promise<void> {
  const refused = await writeAll(db, name, writes);
  // Between looking for the row and adding it, somebody else's may have come: it is judged by its `ver` too.
  const again = refused.flatMap((write) =>
    "replaceOne" in write ? [{ replaceOne: { ...write.replaceOne, upsert: false } }] : []
  );
  if (again.length > 0) await writeAll(db, name, again);
}

/** Answers the writes that met a row already there. */
async function writeAll(db: Database, name: string, writes: readonly Write[]): Promise<Write[]> {
  try {
    await db.rows(name).bulkWrite(writes, { ordered: false });
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || !isDuplicate(error)) throw error;
    const failures = [error.writeErrors].flat();
    const isUnsafe = failures.some(({ code }) => code !== 11_000) || error.result.getWriteConcernError() !== undefined;
    if (isUnsafe) throw error;
    return failures.map(({ index }) => writes[index]);
  }
}
