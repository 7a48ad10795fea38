/**
 * The feed of commits. Each row holds some that one instance wrote at about the same time, and begins where the row
 * before it ends: a row is added under the number after the newest one's last, which only one can do, so an entry
 * can be seen only when every entry before it can be.
 */
import type { ConversationId, FeedEntry } from "@/store/records.ts";
import type { FeedStore } from "@/store/store.ts";
import { type Database, isDuplicate, type Row } from "@/store/mongodb/database.ts";

/** Entries of one row at most. */
const rowSize = 50;

/** How long a place that was found is good. Far less than entries are kept. */
const trustMs = 60_000;

interface FeedRow extends Row {
  readonly seq: number;
  readonly at: Date;
  /** Each once; null stands for a contact who was erased. */
  readonly conversations: readonly (ConversationId | null)[];
}

export class MongoFeed implements FeedStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  after(seq: number, limit: number): Promise<readonly FeedEntry[]> {
    return this.#db.ask(async () => {
      // The row that holds the entry `seq` may hold some after it too.
      const rows = await this.#db.rows("feed").find({ seq: { $gt: seq - rowSize } }).sort({ seq: 1 })
        .limit(limit + rowSize).toArray() as FeedRow[];
      return rows.flatMap(toEntries).filter((entry) => entry.seq > seq).slice(0, limit);
    });
  }

  newest(): Promise<number> {
    return this.#db.ask(async () => await nextSeq(this.#db) - 1);
  }

  /** Up to the first row that is young: rows lie in the order of their time, nearly. */
  removeBefore(at: Date): Promise<void> {
    return this.#db.ask(async () => {
      const feed = this.#db.rows("feed");
      const [young] = await feed.find({ at: { $gte: at } }).sort({ seq: 1 }).limit(1).toArray();
      const kept = young ?? await newestRow(this.#db);
      if (kept !== undefined) await feed.deleteMany({ seq: { $lt: kept.seq } });
    });
  }
}

/** Resolves when the commit stands in the feed with majority. Those that come meanwhile share a row. */
export function announce(db: Database, id: ConversationId, at: Date): Promise<void> {
  return announcerOf(db).add({ id, at });
}

/** Takes the contact's name out of the feed; the entries stay, so that the numbers have no gap. */
export async function forgetName(db: Database, id: ConversationId): Promise<void> {
  await db.rows("feed").updateMany({ conversations: id }, { $set: { "conversations.$": null } });
}

/** Tells that somebody was erased, and names nobody. */
export async function announceErasure(db: Database, id: ConversationId, at: Date): Promise<void> {
  await forgetName(db, id);
  await announcerOf(db).add({ id: null, at });
}

interface Announcement {
  readonly id: ConversationId | null;
  readonly at: Date;
}

const announcers = new WeakMap<Database, Announcer>();

function announcerOf(db: Database): Announcer {
  const announcer = announcers.get(db) ?? new Announcer(db);
  announcers.set(db, announcer);
  return announcer;
}

/** One row after another: what waits while one is written goes into the next together. */
class Announcer {
  readonly #db: Database;
  #waiting: Announcement[] = [];
  #next?: Promise<void>;
  #last = Promise.resolve();
  #end?: End;

  constructor(db: Database) {
    this.#db = db;
  }

  add(announcement: Announcement): Promise<void> {
    this.#waiting.push(announcement);
    this.#next ??= this.#last.then(() => this.#appendWaiting());
    this.#last = this.#next.catch(() => undefined);
    return this.#next;
  }

  async #appendWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    for (let start = 0; start < waiting.length; start += rowSize) {
      await this.#append(waiting.slice(start, start + rowSize));
    }
  }

  async #append(announcements: readonly Announcement[]): Promise<void> {
    const conversations = [...new Set(announcements.map(({ id }) => id))];
    const at = announcements[announcements.length - 1].at;
    for (;;) {
      const end = await this.#findEnd(at);
      const { seq } = end;
      const isAppended = await insert(this.#db, { _id: `${seq}`, seq, at, conversations });
      this.#end = isAppended ? { ...end, seq: seq + conversations.length } : await this.#passOne(end);
      if (isAppended && isTrusted(end, at)) return;
    }
  }

  /** Where the feed ends, as far as this process knows, or as the store says when that is long ago. */
  async #findEnd(at: Date): Promise<End> {
    if (this.#end !== undefined && isTrusted(this.#end, at)) return this.#end;
    const learnt = { at, monotonicMs: performance.now() };
    return { seq: await nextSeq(this.#db), ...learnt };
  }

  /** Another row stands there: behind it. */
  async #passOne(end: End): Promise<End | undefined> {
    const row = await this.#db.rows("feed").findOne({ _id: `${end.seq}` }) as FeedRow | null;
    return row === null ? undefined : { ...end, seq: endOf(row) };
  }
}

/** The number after the last one that is known, and when it was asked for. */
interface End {
  readonly seq: number;
  readonly at: Date;
  readonly monotonicMs: number;
}

/** A place that was found longer ago may lie where all entries were removed since: nobody would look there. */
function isTrusted({ at, monotonicMs }: End, now: Date): boolean {
  const isRecent = Math.abs(now.getTime() - at.getTime()) < trustMs;
  return isRecent && performance.now() - monotonicMs < trustMs;
}

/** False when another took the place. */
async function insert(db: Database, row: FeedRow): Promise<boolean> {
  try {
    await db.rows("feed").insertOne(row);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

async function nextSeq(db: Database): Promise<number> {
  const newest = await newestRow(db);
  return newest === undefined ? 1 : endOf(newest);
}

function endOf({ seq, conversations }: FeedRow): number {
  return seq + conversations.length;
}

async function newestRow(db: Database): Promise<FeedRow | undefined> {
  const [newest] = await db.rows("feed").find().sort({ seq: -1 }).limit(1).toArray();
  return newest as FeedRow | undefined;
}

function toEntries({ seq, at, conversations }: FeedRow): FeedEntry[] {
  return conversations.map((id, index) => ({
    seq: seq + index,
    ...(id === null ? {} : { conversationId: id }),
    at,
  }));
}
