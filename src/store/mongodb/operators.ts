import type { Operator } from "@/store/records.ts";
import type { OperatorStore } from "@/store/store.ts";
import { fromFields } from "@/store/mongodb/codec.ts";
import type { Database, Row } from "@/store/mongodb/database.ts";
import { putVersioned } from "@/store/mongodb/put_versioned.ts";
import { toRow, without } from "@/store/mongodb/rows.ts";

export class MongoOperators implements OperatorStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("operators");
  }

  get(id: string): Promise<Operator | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : toOperator(row);
    });
  }

  list(): Promise<readonly Operator[]> {
    return this.#db.ask(async () => (await this.#rows.find().sort({ _id: 1 }).toArray()).map(toOperator));
  }

  put(operator: Operator, expectedVer: number): Promise<"stored" | "conflict"> {
    const row = toRow({ ...operator, ver: expectedVer + 1 });
    return this.#db.ask(() => putVersioned(this.#rows, row, expectedVer));
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: id });
    });
  }
}

function toOperator(row: Row): Operator {
  return { id: row._id, ...fromFields<Omit<Operator, "id">>(without(row, ["_id"])) };
}
