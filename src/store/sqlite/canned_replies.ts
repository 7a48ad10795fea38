import type { CannedReply } from "@/store/records.ts";
import type { CannedReplyStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteCannedReplies implements CannedReplyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(accountId: string): Promise<readonly CannedReply[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM canned_replies WHERE account_id = :accountId ORDER BY title, id", {
        accountId,
      }).map(({ data }) => decode<CannedReply>(data))
    );
  }

  get(id: string): Promise<CannedReply | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM canned_replies WHERE id = :id", { id });
      return row && decode<CannedReply>(row.data);
    });
  }

  put(reply: CannedReply, expectedVer: number): Promise<"stored" | "conflict"> {
    return this.#db.transact(() => {
      const stored = this.#db.one<{ ver: number }>("SELECT ver FROM canned_replies WHERE id = :id", { id: reply.id });
      if ((stored?.ver ?? 0) !== expectedVer) return "conflict";
      writeCannedReply(this.#db, { ...reply, ver: expectedVer + 1 });
      return "stored";
    });
  }

  remove(id: string): Promise<"removed" | "absent"> {
    return this.#db.ask(() =>
      this.#db.run("DELETE FROM canned_replies WHERE id = :id", { id }) === 1 ? "removed" : "absent"
    );
  }
}

/** Writes the reply as it is, inside the caller's transaction. */
export function writeCannedReply(db: Database, reply: CannedReply): void {
  const { id, accountId, title, ver } = reply;
  db.run("INSERT OR REPLACE INTO canned_replies VALUES (:id, :accountId, :title, :ver, :data)", {
    id,
    accountId,
    title,
    ver,
    data: encode(reply),
  });
}
