import type { LimitStore } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";

interface LimitRow {
  readonly pausedUntil: number | null;
  readonly strikes: number;
  readonly reason: string | null;
}

export class SqliteLimits implements LimitStore {
  readonly #db: Database;
  readonly #now: () => Date;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  reserve(key: string, intervalMs: number): Promise<Date> {
    const interval = Math.ceil(intervalMs);
    const now = this.#now().getTime();
    return this.#db.ask(() => {
      const row = this.#db.one<{ slot: number }>(
        `INSERT INTO limits (key, next_at) VALUES (:key, :now + :interval)
         ON CONFLICT DO UPDATE SET next_at = max(:now, next_at, coalesce(paused_until, 0)) + :interval
         RETURNING next_at - :interval AS slot`,
        { key, now, interval },
      );
      return new Date(row?.slot ?? now);
    });
  }

  pause(key: string, { until, strikes, reason }: { until: Date; strikes: number; reason: string }): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run(
        `INSERT INTO limits (key, paused_until, strikes, reason) VALUES (:key, :until, :strikes, :reason)
         ON CONFLICT DO UPDATE SET strikes = excluded.strikes,
           reason = iif(excluded.paused_until >= coalesce(paused_until, 0), excluded.reason, reason),
           paused_until = max(excluded.paused_until, coalesce(paused_until, 0))`,
        { key, until: until.getTime(), strikes, reason },
      );
    });
  }

  get(
    key: string,
  ): Promise<{ readonly pausedUntil?: Date; readonly strikes: number; readonly reason?: string } | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<LimitRow>(
        "SELECT paused_until AS pausedUntil, strikes, reason FROM limits WHERE key = :key",
        { key },
      );
      return row && {
        ...(row.pausedUntil === null ? {} : { pausedUntil: new Date(row.pausedUntil) }),
        strikes: row.strikes,
        ...(row.reason === null ? {} : { reason: row.reason }),
      };
    });
  }

  clear(key: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("UPDATE limits SET paused_until = NULL, strikes = 0, reason = NULL WHERE key = :key", { key });
    });
  }
}
