import type { ConversationId, Message } from "@/store/records.ts";
import type { MessageMark, MessageStore, PeriodQuery } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { type DataRow, toList } from "@/store/sqlite/rows.ts";
import { indexMessage, rowsPerConversation, unindexRows } from "@/store/sqlite/search_index.ts";

/** Rows that one transaction removes at most: it blocks the process while it runs. */
const removeBatch = 500;

export class SqliteMessages implements MessageStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  byIds(ids: readonly string[]): Promise<readonly Message[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        "SELECT data FROM messages WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY at, id",
        { ids: toList(ids) },
      ).map(toMessage)
    );
  }

  related(accountId: string, mids: readonly string[]): Promise<readonly Message[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        `SELECT data FROM messages WHERE n IN (
           SELECT n FROM messages WHERE mid IN (SELECT value FROM json_each(:mids)) AND account_id = :accountId
           UNION
           SELECT n FROM messages WHERE ref_mid IN (SELECT value FROM json_each(:mids)) AND account_id = :accountId
         ) ORDER BY at, id`,
        { accountId, mids: toList(mids) },
      ).map(toMessage)
    );
  }

  page(
    conversationId: ConversationId,
    { before, limit }: { before?: string | Date; limit: number },
  ): Promise<{ readonly items: readonly Message[]; readonly nextCursor?: string }> {
    const position = before instanceof Date ? { at: before.getTime(), id: "" } : fromCursor(before);
    const isBefore = position === undefined ? "" : "AND (at, id) < (:at, :beforeId)";
    return this.#db.ask(() => {
      const rows = this.#db.all<DataRow & { id: string; at: number }>(
        `SELECT id, at, data FROM messages WHERE conversation_id = :conversationId ${isBefore}
         ORDER BY at DESC, id DESC LIMIT :limit`,
        { conversationId, limit: limit + 1, ...(position && { at: position.at, beforeId: position.id }) },
      );
      const oldest = rows.length > limit ? rows[limit - 1] : undefined;
      const items = rows.slice(0, limit).reverse().map(toMessage);
      return { items, ...(oldest && { nextCursor: toCursor(oldest) }) };
    });
  }

  marks({ accountId, since, before, limit }: PeriodQuery): Promise<readonly MessageMark[]> {
    return this.#db.ask(() =>
      this.#db.all<Omit<MessageMark, "at" | "receivedAt"> & { at: number; receivedAt: number }>(
        `SELECT conversation_id AS conversationId, at, data ->> '$.receivedAt."$at"' AS receivedAt,
           data ->> '$.author' AS author, data ->> '$.source' AS source FROM messages
         WHERE account_id = :accountId AND at >= :since AND at < :before AND data ->> '$.role' <> 'system'
         AND NOT (data ->> '$.standby' OR data ->> '$.test') ORDER BY at DESC LIMIT :limit`,
        { accountId, since: since.getTime(), before: before?.getTime() ?? Number.MAX_SAFE_INTEGER, limit },
        // Named one by one: a rest over thousands of rows costs as much as reading them.
      ).map(({ conversationId, at, receivedAt, author, source }) => ({
        conversationId,
        at: new Date(at),
        receivedAt: new Date(receivedAt),
        author,
        source,
      }))
    );
  }

  async removeBefore(accountId: string, at: Date): Promise<number> {
    let total = 0;
    for (let removed = removeBatch; removed === removeBatch; total += removed) {
      removed = await this.#db.transact(() => this.#removeSome({ accountId, at: at.getTime(), limit: removeBatch }));
    }
    return total;
  }

  #removeSome(params: { accountId: string; at: number; limit: number }): number {
    const rows = this.#db.all<{ n: number }>(
      "SELECT n FROM messages WHERE account_id = :accountId AND at < :at LIMIT :limit",
      params,
    );
    unindexRows(this.#db, rows.map(({ n }) => n));
    for (const { n } of rows) this.#db.run("DELETE FROM messages WHERE n = :n", { n });
    return rows.length;
  }

  count(): Promise<number> {
    return this.#db.ask(() =>
      this.#db.one<{ count: number }>("SELECT count FROM tallies WHERE name = 'messages'")?.count ?? 0
    );
  }
}

function toMessage({ data }: DataRow): Message {
  return decode<Message>(data);
}

/** Writes the message whole, into the rows of conversation number `conversation`. */
export function upsertMessage(db: Database, conversation: number, message: Message): void {
  const first = conversation * rowsPerConversation;
  const row = db.one<{ n: number }>(
    `INSERT INTO messages (n, id, account_id, conversation_id, mid, ref_mid, at, data)
     VALUES (
       (SELECT coalesce(max(n), :first) + 1 FROM messages WHERE n > :first AND n < :end),
       :id, :accountId, :conversationId, :mid, :refMid, :at, :data
     )
     ON CONFLICT (id) DO UPDATE SET mid = excluded.mid, ref_mid = excluded.ref_mid, at = excluded.at,
       data = excluded.data
     RETURNING n`,
    {
      first,
      end: first + rowsPerConversation,
      id: message.id,
      accountId: message.accountId,
      conversationId: message.conversationId,
      mid: message.mid ?? null,
      refMid: message.refMid ?? null,
      at: message.at.getTime(),
      data: encode(message),
    },
  );
  if (row !== undefined) indexMessage(db, row.n, message);
}
