import type { Simulation } from "@/store/records.ts";
import type { SimulationStore } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { fromRow, toRow } from "@/store/mongodb/rows.ts";

export class MongoSimulations implements SimulationStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("simulations");
  }

  list(accountId: string): Promise<readonly Simulation[]> {
    return this.#db.ask(async () =>
      (await this.#rows.find({ accountId }).sort({ name: 1, _id: 1 }).toArray()).map((row) => fromRow<Simulation>(row))
    );
  }

  put(simulation: Simulation): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.replaceOne({ _id: simulation.id }, toRow(simulation), { upsert: true });
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.deleteOne({ _id: id });
    });
  }
}
