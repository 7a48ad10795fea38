import type { ConversationId, TypedText } from "@/store/records.ts";
import type { TypedTextStore } from "@/store/store.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import { readHead } from "@/store/mongodb/commit.ts";
import { type Database, isDuplicate, type Row } from "@/store/mongodb/database.ts";
import { without } from "@/store/mongodb/rows.ts";

export class MongoTypedTexts implements TypedTextStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("typed_texts");
  }

  get(conversationId: ConversationId, operator: string): Promise<TypedText | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: keyOf({ conversationId, operator }) });
      return row === null ? undefined : toTypedText(row);
    });
  }

  /** The row carries the conversation's version, so that an erasure that comes in between sweeps it away as well. */
  put(typed: TypedText): Promise<"stored" | "absent"> {
    return this.#db.ask(async () => {
      const head = await readHead(this.#db, typed.conversationId);
      if (head === undefined) return "absent";
      await this.#write(toTypedRow(typed, head.ver));
      return "stored";
    });
  }

  /** Two that find nothing there both add it: the second then finds the first's. */
  async #write({ _id, ...row }: Row): Promise<void> {
    try {
      await this.#rows.replaceOne({ _id }, row, { upsert: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      await this.#rows.replaceOne({ _id }, row);
    }
  }

  remove(conversationId: ConversationId, operator: string, commandId?: string): Promise<void> {
    const same = commandId === undefined ? {} : { commandId };
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: keyOf({ conversationId, operator }), ...same });
    });
  }

  removeBefore(at: Date): Promise<number> {
    return this.#db.ask(async () => (await this.#rows.deleteMany({ savedAt: { $lt: at } })).deletedCount);
  }
}

export function toTypedRow(typed: TypedText, ver: number): Row {
  return { _id: keyOf(typed), ...toFields(typed), ver };
}

export function toTypedText(row: Row): TypedText {
  return fromFields<TypedText>(without(row, ["_id", "ver"]));
}

function keyOf({ conversationId, operator }: Pick<TypedText, "conversationId" | "operator">): string {
  return `${conversationId}/${operator}`;
}
