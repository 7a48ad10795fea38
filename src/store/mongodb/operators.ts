import type { Operator } from "@/store/records.ts";
import type { OperatorStore } from "@/store/store.ts";
import { fromFields } from "@/store/mongodb/codec.ts";
import { type Database, isDuplicate, type Row } from "@/store/mongodb/database.ts";
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
    return this.#db.ask(async () => {
      const isStored = expectedVer === 0 ? await this.#insert(row) : await this.#replace(row, expectedVer);
      return isStored ? "stored" : "conflict";
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: id });
    });
  }

  async #insert(row: Row): Promise<boolean> {
    try {
      await this.#rows.insertOne(row);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async #replace({ _id, ...row }: Row, ver: number): Promise<boolean> {
    const { matchedCount } = await this.#rows.replaceOne({ _id, ver }, row);
    return matchedCount === 1;
  }
}

function toOperator(row: Row): Operator {
  return { id: row._id, ...fromFields<Omit<Operator, "id">>(without(row, ["_id"])) };
}
