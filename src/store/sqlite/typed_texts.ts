import type { ConversationId, TypedText } from "@/store/records.ts";
import type { TypedTextStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteTypedTexts implements TypedTextStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(conversationId: ConversationId, operator: string): Promise<TypedText | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>(
        "SELECT data FROM typed_texts WHERE conversation_id = :conversationId AND operator = :operator",
        { conversationId, operator },
      );
      return row && decode<TypedText>(row.data);
    });
  }

  put(typed: TypedText): Promise<"stored" | "absent"> {
    return this.#db.transact(() => {
      const { conversationId: id } = typed;
      if (this.#db.one("SELECT 1 FROM conversations WHERE id = :id", { id }) === undefined) return "absent";
      writeTypedText(this.#db, typed);
      return "stored";
    });
  }

  remove(conversationId: ConversationId, operator: string, commandId?: string): Promise<void> {
    const same = commandId === undefined ? "" : " AND command_id = :commandId";
    return this.#db.ask(() => {
      this.#db.run(
        `DELETE FROM typed_texts WHERE conversation_id = :conversationId AND operator = :operator${same}`,
        { conversationId, operator, ...(commandId === undefined ? {} : { commandId }) },
      );
    });
  }

  removeBefore(at: Date): Promise<number> {
    return this.#db.ask(() => this.#db.run("DELETE FROM typed_texts WHERE saved_at < :at", { at: at.getTime() }));
  }
}

/** Writes the text in place of the operator's one before it, inside the caller's transaction. */
export function writeTypedText(db: Database, typed: TypedText): void {
  const { conversationId, operator, commandId, savedAt } = typed;
  db.run("INSERT OR REPLACE INTO typed_texts VALUES (:id, :conversationId, :operator, :commandId, :savedAt, :data)", {
    id: `${conversationId}/${operator}`,
    conversationId,
    operator,
    commandId,
    savedAt: savedAt.getTime(),
    data: encode(typed),
  });
}
