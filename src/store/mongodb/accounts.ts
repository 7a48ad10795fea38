import type { Account } from "@/store/records.ts";
import type { AccountStore } from "@/store/store.ts";
import { fromFields } from "@/store/mongodb/codec.ts";
import type { Database, Row } from "@/store/mongodb/database.ts";
import { putVersioned } from "@/store/mongodb/put_versioned.ts";
import { toRow, without } from "@/store/mongodb/rows.ts";

export class MongoAccounts implements AccountStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("accounts");
  }

  get(id: string): Promise<Account | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : toAccount(row);
    });
  }

  list(): Promise<readonly Account[]> {
    return this.#db.ask(async () => (await this.#rows.find().sort({ _id: 1 }).toArray()).map(toAccount));
  }

  put(account: Account, expectedVer: number): Promise<"stored" | "conflict"> {
    const row = toRow({ ...account, ver: expectedVer + 1 });
    return this.#db.ask(() => putVersioned(this.#rows, row, expectedVer));
  }
}

function toAccount(row: Row): Account {
  return { id: row._id, ...fromFields<Omit<Account, "id">>(without(row, ["_id"])) };
}
