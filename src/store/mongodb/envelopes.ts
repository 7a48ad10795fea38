import { Binary, type Document } from "mongodb";
import type { Envelope } from "@/store/records.ts";
import type { ClaimOptions, EnvelopeStore } from "@/store/store.ts";
import { type Database, isDuplicate, type Row } from "@/store/mongodb/database.ts";
import { newEntryId } from "@/store/mongodb/audit.ts";
import { freeAt } from "@/store/mongodb/lease.ts";

/** Rows that one request removes or reads at most, so that none lasts long. */
const batch = 500;

const oldestFirst = { receivedAt: 1, entry: 1 } as const;

export class MongoEnvelopes implements EnvelopeStore {
  readonly #db: Database;
  readonly #now: () => Date;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("envelopes");
  }

  accept({ id, body, receivedAt }: Pick<Envelope, "id" | "body" | "receivedAt">): Promise<"stored" | "duplicate"> {
    return this.#db.askSoon(async () => {
      try {
        const row = { _id: id, state: "new", receivedAt, attempts: 0, entry: newEntryId(), body: new Binary(body) };
        await this.#rows.insertOne(row);
        return "stored";
      } catch (error) {
        if (isDuplicate(error)) return "duplicate";
        throw error;
      }
    });
  }

  claim({ owner, leaseMs, limit }: ClaimOptions): Promise<readonly Envelope[]> {
    const now = this.#now();
    const lease = { owner, until: new Date(now.getTime() + leaseMs) };
    return this.#db.ask(async () => {
      const claimed: Envelope[] = [];
      while (claimed.length < limit) {
        const found = await this.#findFree(now, limit - claimed.length);
        if (found.length === 0) break;
        const rows = await Promise.all(found.map((id) => this.#claimOne(id, { now, lease })));
        claimed.push(...rows.filter((row) => row !== null).map(toEnvelope));
      }
      return claimed;
    });
  }

  async #findFree(now: Date, limit: number): Promise<readonly string[]> {
    const found = await this.#rows.find({ state: "new", ...freeAt("lease", now) }).sort(oldestFirst).limit(limit)
      .project<{ _id: string }>({ _id: 1 }).toArray();
    return found.map(({ _id }) => _id);
  }

  #claimOne(id: string, { now, lease }: { now: Date; lease: Document }): Promise<Row | null> {
    return this.#rows.findOneAndUpdate(
      { _id: id, state: "new", ...freeAt("lease", now) },
      { $inc: { attempts: 1 }, $set: { lease } },
      { returnDocument: "after" },
    );
  }

  finish(results: readonly { id: string; state: "split" | "dead"; note?: string }[]): Promise<void> {
    return this.#db.ask(async () => {
      if (results.length === 0) return;
      await this.#rows.bulkWrite(
        results.map(({ id, state, note }) => ({ updateOne: { filter: { _id: id }, update: toEnd(state, note) } })),
        { ordered: false },
      );
    });
  }

  /** Gives back every lease on an envelope. */
  forgetLeases(): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.updateMany({ lease: { $exists: true } }, { $unset: { lease: "" } });
    });
  }

  revive(id: string): Promise<"revived" | "notDead" | "absent"> {
    return this.#db.ask(async () => {
      const asNew = { $set: { state: "new", attempts: 0 }, $unset: { note: "" } };
      const { matchedCount } = await this.#rows.updateOne({ _id: id, state: "dead" }, asNew);
      if (matchedCount > 0) return "revived";
      return await this.#rows.findOne({ _id: id }, { projection: { _id: 1 } }) === null ? "absent" : "notDead";
    });
  }

  get(id: string): Promise<Envelope | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : toEnvelope(row);
    });
  }

  /** Newest first. */
  list({ state, limit }: { state?: Envelope["state"]; limit: number }): Promise<readonly Envelope[]> {
    return this.#db.ask(async () => {
      const filter = state === undefined ? {} : { state };
      return (await this.#rows.find(filter).sort({ receivedAt: -1, entry: -1 }).limit(limit).toArray()).map(toEnvelope);
    });
  }

  async removeBefore(at: Date): Promise<number> {
    let total = 0;
    for (let removed = batch; removed === batch; total += removed) {
      removed = await this.#db.ask(() => this.#removeSome({ state: { $ne: "new" }, receivedAt: { $lt: at } }));
    }
    return total;
  }

  async #removeSome(filter: Document): Promise<number> {
    const found = await this.#rows.find(filter).limit(batch).project<{ _id: string }>({ _id: 1 }).toArray();
    return await this.#remove(found.map(({ _id }) => _id));
  }

  async #remove(ids: readonly string[]): Promise<number> {
    const { deletedCount } = await this.#rows.deleteMany({ _id: { $in: ids } });
    return deletedCount;
  }

  /**
   * Removes those whose body holds `text`. What was not split yet stays: it may hold other contacts' messages,
   * and the contact's own will be there to erase once it was split.
   */
  async removeMentioning(text: string): Promise<void> {
    const bodies = this.#rows.find({ state: { $ne: "new" } }).project<{ _id: string; body: Binary }>({ body: 1 })
      .batchSize(batch);
    for await (const { _id, body } of bodies) {
      if (body.toString("utf8").includes(text)) await this.#remove([_id]);
    }
  }
}

function toEnd(state: "split" | "dead", note: string | undefined): Document {
  return note === undefined
    ? { $set: { state }, $unset: { lease: "", note: "" } }
    : { $set: { state, note }, $unset: { lease: "" } };
}

export function toEnvelope({ _id, body, state, receivedAt, attempts, note }: Row): Envelope {
  return {
    id: _id,
    body: new Uint8Array((body as Binary).value()),
    state,
    receivedAt,
    attempts,
    ...(note === undefined ? {} : { note }),
  };
}
