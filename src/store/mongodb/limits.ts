import { setTimeout } from "node:timers/promises";
import type { Document } from "mongodb";
import type { Limit, LimitStore, Reading } from "@/store/store.ts";
import { type Database, isDuplicate, type Row } from "@/store/mongodb/database.ts";

/** The longest pause before a slot that others took is asked for again, in milliseconds. */
const maxPauseMs = 20;

export class MongoLimits implements LimitStore {
  readonly #db: Database;
  readonly #now: () => Date;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("limits");
  }

  reserve(key: string, intervalMs: number): Promise<Date> {
    return this.#db.ask(async () => {
      for (;;) {
        const row = await this.#rows.findOne({ _id: key });
        const slot = this.#slotAfter(row);
        const nextAt = new Date(slot.getTime() + Math.ceil(intervalMs));
        if (await this.#take(key, { row, nextAt })) return slot;
        await setTimeout(Math.random() * maxPauseMs);
      }
    });
  }

  #slotAfter(row: Row | null): Date {
    const times = [this.#now(), row?.nextAt, row?.pausedUntil].filter((at) => at !== undefined);
    return new Date(Math.max(...times.map((at) => at.getTime())));
  }

  /** False when the row is no longer as it was read: another took the slot, or a pause was set. */
  async #take(key: string, { row, nextAt }: { row: Row | null; nextAt: Date }): Promise<boolean> {
    if (row === null) return await this.#insert({ _id: key, nextAt, strikes: 0 });
    const unchanged = { _id: key, nextAt: row.nextAt ?? null, pausedUntil: row.pausedUntil ?? null };
    return await this.#rows.findOneAndUpdate(unchanged, { $set: { nextAt } }, { projection: { _id: 1 } }) !== null;
  }

  pause(key: string, { until, strikes, reason }: { until: Date; strikes: number; reason: string }): Promise<void> {
    return this.#db.ask(async () => {
      for (;;) {
        const isLonger = { _id: key, pausedUntil: { $not: { $gt: until } } };
        if (await this.#set(isLonger, { pausedUntil: until, strikes, reason })) return;
        if (await this.#set({ _id: key, pausedUntil: { $gt: until } }, { strikes })) return;
        if (await this.#insert({ _id: key, pausedUntil: until, strikes, reason })) return;
      }
    });
  }

  async #set(filter: Document, fields: Document): Promise<boolean> {
    const { matchedCount } = await this.#rows.updateOne(filter, { $set: fields });
    return matchedCount === 1;
  }

  async #insert(row: Row): Promise<boolean> {
    try {
      await this.#rows.insertOne(row);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  note(key: string, { value, at }: Reading): Promise<void> {
    return this.#db.ask(async () => {
      for (;;) {
        if (await this.#set({ _id: key, readAt: { $not: { $gt: at } } }, { reading: value, readAt: at })) return;
        if (await this.#rows.findOne({ _id: key }) !== null) return;
        if (await this.#insert({ _id: key, strikes: 0, reading: value, readAt: at })) return;
      }
    });
  }

  get(key: string): Promise<Limit | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: key });
      if (row === null) return undefined;
      const { pausedUntil, strikes, reason, reading, readAt } = row;
      return {
        ...(pausedUntil && { pausedUntil }),
        strikes,
        ...(reason === undefined ? {} : { reason }),
        ...(reading === undefined ? {} : { reading: { value: reading, at: readAt } }),
      };
    });
  }

  clear(key: string): Promise<void> {
    return this.#db.ask(async () => {
      await this.#rows.updateOne({ _id: key }, { $set: { strikes: 0 }, $unset: { pausedUntil: "", reason: "" } });
    });
  }
}
