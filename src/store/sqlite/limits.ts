import type { Limit, LimitStore, Reading } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";

interface LimitRow {
  readonly pausedUntil: number | null;
  readonly strikes: number;
  readonly reason: string | null;
  readonly reading: number | null;
  readonly readAt: number | null;
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
    return this.#db.askLightly(() => {
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

  note(key: string, { value, at }: Reading): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run(
        `INSERT INTO limits (key, reading, read_at) VALUES (:key, :value, :at)
         ON CONFLICT DO UPDATE SET reading = excluded.reading, read_at = excluded.read_at
         WHERE coalesce(read_at, 0) <= excluded.read_at`,
        { key, value, at: at.getTime() },
      );
    });
  }

  get(key: string): Promise<Limit | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<LimitRow>(
        `SELECT paused_until AS pausedUntil, strikes, reason, reading, read_at AS readAt
         FROM limits WHERE key = :key`,
        { key },
      );
      return row && {
        ...(row.pausedUntil === null ? {} : { pausedUntil: new Date(row.pausedUntil) }),
        strikes: row.strikes,
        ...(row.reason === null ? {} : { reason: row.reason }),
        ...(row.reading === null ? {} : { reading: { value: row.reading, at: new Date(row.readAt ?? 0) } }),
      };
    });
  }

  clear(key: string): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run("UPDATE limits SET paused_until = NULL, strikes = 0, reason = NULL WHERE key = :key", { key });
    });
  }
}
