import type { Account } from "@/store/records.ts";
import type { AccountStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteAccounts implements AccountStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(id: string): Promise<Account | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM accounts WHERE id = :id", { id });
      return row && decode<Account>(row.data);
    });
  }

  list(): Promise<readonly Account[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM accounts ORDER BY id").map(({ data }) => decode<Account>(data))
    );
  }

  put(account: Account, expectedVer: number): Promise<"stored" | "conflict"> {
    const ver = expectedVer + 1;
    const values = { id: account.id, ver, data: encode({ ...account, ver }) };
    return this.#db.ask(() => {
      const changes = expectedVer === 0
        ? this.#db.run("INSERT INTO accounts VALUES (:id, :ver, :data) ON CONFLICT DO NOTHING", values)
        : this.#db.run("UPDATE accounts SET ver = :ver, data = :data WHERE id = :id AND ver = :ver - 1", values);
      return changes === 1 ? "stored" : "conflict";
    });
  }
}
