import type { CannedReply } from "@/store/records.ts";
import type { CannedReplyStore } from "@/store/store.ts";
import { fromFields } from "@/store/mongodb/codec.ts";
import type { Database, Row } from "@/store/mongodb/database.ts";
import { putVersioned } from "@/store/mongodb/put_versioned.ts";
import { toRow, without } from "@/store/mongodb/rows.ts";

export class MongoCannedReplies implements CannedReplyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("canned_replies");
  }

  list(accountId: string): Promise<readonly CannedReply[]> {
    return this.#db.ask(async () =>
      (await this.#rows.find({ accountId }).sort({ title: 1, _id: 1 }).toArray()).map(toReply)
    );
  }

  get(id: string): Promise<CannedReply | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : toReply(row);
    });
  }

  put(reply: CannedReply, expectedVer: number): Promise<"stored" | "conflict"> {
    const row = toRow({ ...reply, ver: expectedVer + 1 });
    return this.#db.ask(() => putVersioned(this.#rows, row, expectedVer));
  }

  remove(id: string): Promise<"removed" | "absent"> {
    return this.#db.ask(async () =>
      (await this.#rows.deleteOne({ _id: id })).deletedCount === 1 ? "removed" : "absent"
    );
  }
}

function toReply(row: Row): CannedReply {
  return { id: row._id, ...fromFields<Omit<CannedReply, "id">>(without(row, ["_id"])) };
}
