import type { ConversationId } from "@/store/records.ts";
import type { ClaimOptions } from "@/store/store.ts";
import { type Database, farFuture } from "@/store/mongodb/database.ts";
import { freeAt } from "@/store/mongodb/lease.ts";

const fieldsOf = {
  turn: { due: "turnDueAt", lease: "turnLease" },
  send: { due: "dueAt", lease: "sendLease" },
} as const;

/**
 * Who works on which conversation, and until when. One for turns, one for sends. They stand in the head beside
 * what commits write, so that a claim decides by what is committed; neither touches the other's fields.
 */
export class Leases {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #due: string;
  readonly #lease: string;

  constructor(db: Database, { kind, now }: { kind: "turn" | "send"; now: () => Date }) {
    this.#db = db;
    this.#now = now;
    this.#due = fieldsOf[kind].due;
    this.#lease = fieldsOf[kind].lease;
  }

  get #heads(): ReturnType<Database["rows"]> {
    return this.#db.rows("conversations");
  }

  /** What is due and free, longest due first. Looks again when others were quicker. */
  async claim({ owner, leaseMs, limit }: ClaimOptions): Promise<readonly ConversationId[]> {
    const now = this.#now();
    const lease = { owner, until: new Date(now.getTime() + leaseMs) };
    const claimed: ConversationId[] = [];
    while (claimed.length < limit) {
      const found = await this.#findDue(now, limit - claimed.length);
      if (found.length === 0) break;
      const won = await Promise.all(found.map((id) => this.#claimOne(id, { now, lease })));
      claimed.push(...found.filter((_, index) => won[index]));
    }
    return claimed;
  }

  async #findDue(now: Date, limit: number): Promise<readonly ConversationId[]> {
    const due = await this.#heads.find({ [this.#due]: { $lte: now }, ...freeAt(this.#lease, now) })
      .sort({ [this.#due]: 1, _id: 1 }).limit(limit).project<{ _id: string }>({ _id: 1 }).toArray();
    return due.map(({ _id }) => _id);
  }

  async #claimOne(
    id: ConversationId,
    { now, lease }: { now: Date; lease: { owner: string; until: Date } },
  ): Promise<boolean> {
    const before = await this.#heads.findOneAndUpdate(
      { _id: id, [this.#due]: { $lte: now }, ...freeAt(this.#lease, now) },
      { $set: { [this.#lease]: lease } },
      { projection: { _id: 1 } },
    );
    return before !== null;
  }

  async extend(id: ConversationId, { owner, leaseMs }: { owner: string; leaseMs: number }): Promise<boolean> {
    const now = this.#now();
    const { matchedCount } = await this.#heads.updateOne(
      { _id: id, [`${this.#lease}.owner`]: owner, [`${this.#lease}.until`]: { $gt: now } },
      { $set: { [`${this.#lease}.until`]: new Date(now.getTime() + leaseMs) } },
    );
    return matchedCount === 1;
  }

  async release(id: ConversationId, owner: string): Promise<void> {
    await this.#heads.updateOne({ _id: id, [`${this.#lease}.owner`]: owner }, { $unset: { [this.#lease]: "" } });
  }

  async forget(): Promise<void> {
    await this.#heads.updateMany({ [this.#lease]: { $exists: true } }, { $unset: { [this.#lease]: "" } });
  }

  async nextDueAt(): Promise<Date | undefined> {
    const [first] = await this.#heads.find({ [this.#due]: { $lte: farFuture }, ...freeAt(this.#lease, this.#now()) })
      .sort({ [this.#due]: 1 }).limit(1).project<Record<string, Date>>({ [this.#due]: 1 }).toArray();
    return first?.[this.#due];
  }
}
