import type { SavedView } from "@/store/records.ts";
import type { SavedViewStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteSavedViews implements SavedViewStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(operator: string): Promise<readonly SavedView[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM saved_views WHERE operator = :operator ORDER BY name", { operator })
        .map(({ data }) => decode<SavedView>(data))
    );
  }

  put(view: SavedView): Promise<void> {
    return this.#db.ask(() => writeSavedView(this.#db, view));
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("DELETE FROM saved_views WHERE id = :id", { id });
    });
  }
}

export function writeSavedView(db: Database, view: SavedView): void {
  const { id, operator, name } = view;
  db.run("INSERT OR REPLACE INTO saved_views VALUES (:id, :operator, :name, :data)", {
    id,
    operator,
    name,
    data: encode(view),
  });
}
