import type { Instance } from "@/store/records.ts";
import type { InstanceStore } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { fromRow, toRow } from "@/store/mongodb/rows.ts";

export class MongoInstances implements InstanceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("instances");
  }

  beat(instance: Instance): Promise<void> {
    return this.#db.ask(async () => {
      const { _id, ...fields } = toRow(instance);
      await this.#rows.replaceOne({ _id }, fields, { upsert: true });
    });
  }

  list(): Promise<readonly Instance[]> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find().sort({ startedAt: -1, _id: 1 }).toArray();
      return rows.map((row) => fromRow<Instance>(row));
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: id });
    });
  }

  removeBefore(at: Date): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteMany({ beatAt: { $lt: at } });
    });
  }
}
