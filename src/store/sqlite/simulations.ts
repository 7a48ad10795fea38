import type { Simulation } from "@/store/records.ts";
import type { SimulationStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteSimulations implements SimulationStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(accountId: string): Promise<readonly Simulation[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM simulations WHERE account_id = :accountId ORDER BY name, id", {
        accountId,
      })
        .map(({ data }) => decode<Simulation>(data))
    );
  }

  put(simulation: Simulation): Promise<void> {
    return this.#db.ask(() => writeSimulation(this.#db, simulation));
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("DELETE FROM simulations WHERE id = :id", { id });
    });
  }
}

export function writeSimulation(db: Database, simulation: Simulation): void {
  const { id, accountId, name } = simulation;
  db.run("INSERT OR REPLACE INTO simulations VALUES (:id, :accountId, :name, :data)", {
    id,
    accountId,
    name,
    data: encode(simulation),
  });
}
