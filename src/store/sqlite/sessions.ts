import type { Session } from "@/store/records.ts";
import type { SessionStore } from "@/store/store.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteSessions implements SessionStore {
  readonly #db: Database;
  readonly #now: () => Date;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  get(id: string): Promise<Session | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM sessions WHERE id = :id", { id });
      return row && decode<Session>(row.data);
    });
  }

  list(): Promise<readonly Session[]> {
    const now = this.#now().getTime();
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM sessions WHERE expires_at > :now", { now })
        .map(({ data }) => decode<Session>(data))
        .toSorted((a, b) => b.seenAt.getTime() - a.seenAt.getTime())
    );
  }

  put(session: Session): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run(
        `INSERT INTO sessions VALUES (:id, :expiresAt, :data)
         ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at, data = excluded.data`,
        { id: session.id, expiresAt: session.expiresAt.getTime(), data: encode(session) },
      );
    });
  }

  remove(id: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("DELETE FROM sessions WHERE id = :id", { id });
    });
  }

  removeExpired(): Promise<number> {
    return this.#db.ask(() =>
      this.#db.run("DELETE FROM sessions WHERE expires_at <= :now", { now: this.#now().getTime() })
    );
  }
}
