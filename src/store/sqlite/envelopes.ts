import type { Envelope } from "@/store/records.ts";
import type { ClaimOptions, EnvelopeStore } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { GroupCommit } from "@/store/sqlite/group_commit.ts";
import { toList } from "@/store/sqlite/rows.ts";

interface EnvelopeRow {
  readonly n: number;
  readonly id: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly state: Envelope["state"];
  readonly receivedAt: number;
  readonly attempts: number;
  readonly note: string | null;
}

const columns = "n, id, body, state, received_at AS receivedAt, attempts, note";

/** Rows that one statement removes at most: it blocks the process while it runs. */
const removeBatch = 500;

/** Nobody works on it. */
const isFree = "state = 'new' AND (lease_until IS NULL OR lease_until <= :now)";

export class SqliteEnvelopes implements EnvelopeStore {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #accepted: GroupCommit<"stored" | "duplicate">;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
    this.#accepted = new GroupCommit(db);
  }

  accept({ id, body, receivedAt }: Pick<Envelope, "id" | "body" | "receivedAt">): Promise<"stored" | "duplicate"> {
    return this.#accepted.add(() => {
      const added = this.#db.run(
        `INSERT INTO envelopes (id, state, received_at, attempts, body) VALUES (:id, 'new', :receivedAt, 0, :body)
         ON CONFLICT DO NOTHING`,
        { id, body, receivedAt: receivedAt.getTime() },
      );
      return added === 1 ? "stored" : "duplicate";
    });
  }

  /** Gives back every lease. */
  forgetLeases(): void {
    this.#db.run("UPDATE envelopes SET lease_owner = NULL, lease_until = NULL WHERE state = 'new'");
  }

  /** Commits what is being accepted, now. */
  flush(): void {
    this.#accepted.flush();
  }

  claim({ owner, leaseMs, limit }: ClaimOptions): Promise<readonly Envelope[]> {
    const now = this.#now().getTime();
    return this.#db.ask(() => {
      // A write takes the database's lock and touches its file, even when it finds nothing.
      const isAny = this.#db.one(`SELECT n FROM envelopes WHERE ${isFree} LIMIT 1`, { now }) !== undefined;
      if (!isAny) return [];
      return this.#db.all<EnvelopeRow>(
        `UPDATE envelopes SET attempts = attempts + 1, lease_owner = :owner, lease_until = :until
         WHERE n IN (SELECT n FROM envelopes WHERE ${isFree} ORDER BY received_at, n LIMIT :limit)
         RETURNING ${columns}`,
        { owner, until: now + leaseMs, now, limit },
      ).sort((a, b) => a.receivedAt - b.receivedAt || a.n - b.n).map(toEnvelope);
    });
  }

  finish(results: readonly { id: string; state: "split" | "dead"; note?: string }[]): Promise<void> {
    return this.#db.transact(() => {
      for (const { id, state, note = null } of results) {
        this.#db.run(
          "UPDATE envelopes SET state = :state, note = :note, lease_owner = NULL, lease_until = NULL WHERE id = :id",
          { id, state, note },
        );
      }
    });
  }

  revive(id: string): Promise<"revived" | "notDead" | "absent"> {
    return this.#db.transact(() => {
      const changed = this.#db.run(
        "UPDATE envelopes SET state = 'new', attempts = 0, note = NULL WHERE id = :id AND state = 'dead'",
        { id },
      );
      if (changed > 0) return "revived";
      return this.#db.one("SELECT n FROM envelopes WHERE id = :id", { id }) === undefined ? "absent" : "notDead";
    });
  }

  get(id: string): Promise<Envelope | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<EnvelopeRow>(`SELECT ${columns} FROM envelopes WHERE id = :id`, { id });
      return row && toEnvelope(row);
    });
  }

  /** Newest first. */
  list({ state, limit }: { state?: Envelope["state"]; limit: number }): Promise<readonly Envelope[]> {
    const where = state === undefined ? "" : "WHERE state = :state";
    return this.#db.ask(() =>
      this.#db.all<EnvelopeRow>(
        `SELECT ${columns} FROM envelopes ${where} ORDER BY n DESC LIMIT :limit`,
        { ...(state === undefined ? {} : { state }), limit },
      ).map(toEnvelope)
    );
  }

  async removeBefore(at: Date): Promise<number> {
    let total = 0;
    for (let removed = removeBatch; removed === removeBatch; total += removed) {
      removed = await this.#db.ask(() =>
        this.#db.run(
          `DELETE FROM envelopes WHERE n IN (
             SELECT n FROM envelopes WHERE state IN ('split', 'dead') AND received_at < :at LIMIT :limit
           )`,
          { at: at.getTime(), limit: removeBatch },
        )
      );
    }
    return total;
  }

  /**
   * Removes those whose body holds `text`. What was not split yet stays: it may hold other contacts' messages,
   * and the contact's own will be there to erase once it was split.
   */
  async removeMentioning(text: string): Promise<void> {
    const { first, last } = this.#db.one<{ first: number | null; last: number | null }>(
      "SELECT (SELECT min(n) FROM envelopes) AS first, (SELECT max(n) FROM envelopes) AS last",
    ) ?? { first: null, last: null };
    if (first === null || last === null) return;
    for (let from = first; from <= last; from += removeBatch) {
      await this.#db.ask(() => this.#removeMentioningIn(text, { from, to: from + removeBatch }));
    }
  }

  #removeMentioningIn(text: string, { from, to }: { from: number; to: number }): void {
    const found = this.#db.all<{ n: number }>(
      "SELECT n FROM envelopes WHERE n >= :from AND n < :to AND state <> 'new' AND instr(body, :text) > 0",
      { from, to, text: new TextEncoder().encode(text) },
    );
    if (found.length === 0) return;
    this.#db.run("DELETE FROM envelopes WHERE n IN (SELECT value FROM json_each(:found))", {
      found: toList(found.map(({ n }) => n)),
    });
  }
}

function toEnvelope({ id, body, state, receivedAt, attempts, note }: EnvelopeRow): Envelope {
  return {
    id,
    body,
    state,
    receivedAt: new Date(receivedAt),
    attempts,
    ...(note === null ? {} : { note }),
  };
}
