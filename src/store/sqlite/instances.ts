import type { Instance } from "@/store/records.ts";
import type { InstanceStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteInstances implements InstanceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  beat(instance: Instance): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run(
        `INSERT INTO instances VALUES (:id, :beatAt, :data)
         ON CONFLICT DO UPDATE SET beat_at = excluded.beat_at, data = excluded.data`,
        { id: instance.id, beatAt: instance.beatAt.getTime(), data: encode(instance) },
      );
    });
  }

  list(): Promise<readonly Instance[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM instances ORDER BY id").map(({ data }) => decode<Instance>(data))
        .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    );
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("DELETE FROM instances WHERE id = :id", { id });
    });
  }

  removeBefore(at: Date): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("DELETE FROM instances WHERE beat_at < :at", { at: at.getTime() });
    });
  }
}
