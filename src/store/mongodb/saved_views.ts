import type { SavedView } from "@/store/records.ts";
import type { SavedViewStore } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { fromRow, toRow } from "@/store/mongodb/rows.ts";

export class MongoSavedViews implements SavedViewStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("saved_views");
  }

  list(operator: string): Promise<readonly SavedView[]> {
    return this.#db.ask(async () =>
      (await this.#rows.find({ operator }).sort({ name: 1 }).toArray()).map((row) => fromRow<SavedView>(row))
    );
  }

  put(view: SavedView): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.replaceOne({ _id: view.id }, toRow(view), { upsert: true });
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: id });
    });
  }
}
