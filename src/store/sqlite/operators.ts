import type { Operator } from "@/store/records.ts";
import type { OperatorStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteOperators implements OperatorStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(id: string): Promise<Operator | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM operators WHERE id = :id", { id });
      return row && decode<Operator>(row.data);
    });
  }

  list(): Promise<readonly Operator[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM operators ORDER BY id").map(({ data }) => decode<Operator>(data))
    );
  }

  put(operator: Operator, expectedVer: number): Promise<"stored" | "conflict"> {
    const ver = expectedVer + 1;
    const values = { id: operator.id, ver, data: encode({ ...operator, ver }) };
    return this.#db.ask(() => {
      const changes = expectedVer === 0
        ? this.#db.run("INSERT INTO operators VALUES (:id, :ver, :data) ON CONFLICT DO NOTHING", values)
        : this.#db.run("UPDATE operators SET ver = :ver, data = :data WHERE id = :id AND ver = :ver - 1", values);
      return changes === 1 ? "stored" : "conflict";
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("DELETE FROM operators WHERE id = :id", { id });
    });
  }
}
