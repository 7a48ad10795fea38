import type { ConversationId } from "@/store/records.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { announceErasure } from "@/store/sqlite/feed.ts";
import { unindexConversation } from "@/store/sqlite/search_index.ts";

/** Tables whose rows belong to one conversation, by the column that names it. */
const owned: readonly (readonly [table: string, column: string])[] = [
  ["conversations", "id"],
  ["contacts", "id"],
  ["debounce", "conversation_id"],
  ["messages", "conversation_id"],
  ["turns", "conversation_id"],
  ["outbound_queue", "conversation_id"],
  ["commands", "conversation_id"],
  ["typed_texts", "conversation_id"],
];

/**
 * Removes every row of the conversation, inside the caller's transaction. Answers its contact's `psid`, by
 * which the rest is found; undefined when there is no such conversation.
 */
export function eraseRows(db: Database, id: ConversationId, now: Date): string | undefined {
  const row = db.one<{ n: number; psid: string }>(
    "SELECT n, data ->> '$.psid' AS psid FROM conversations WHERE id = :id",
    { id },
  );
  if (row === undefined) return undefined;
  unindexConversation(db, row.n);
  db.run("DELETE FROM tags WHERE n = :n", { n: row.n });
  for (const [table, column] of owned) db.run(`DELETE FROM ${table} WHERE ${column} = :id`, { id });
  announceErasure(db, id, now);
  return row.psid;
}

/** Takes what was erased out of the write-ahead log too; what the file held was overwritten (`secure_delete`). */
export function scrubLog(db: Database): void {
  db.all("PRAGMA wal_checkpoint(TRUNCATE)");
}
