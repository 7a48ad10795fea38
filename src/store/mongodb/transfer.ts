import { toKnowledgeRow } from "@/store/mongodb/knowledge.ts";
import { Binary, type Document } from "mongodb";
import type { Debounce } from "@/store/records.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import type { CollectionName, Collections, CopyMark, Page, Transfer } from "@/store/transfer.ts";
import { collectionNames, pageSize } from "@/store/transfer.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import { done } from "@/store/mongodb/commands.ts";
import { readMark, writeMark } from "@/store/mongodb/copy_mark.ts";
import { Database, type Row } from "@/store/mongodb/database.ts";
import { askServer } from "@/store/mongodb/database_time.ts";
import { toEnvelope } from "@/store/mongodb/envelopes.ts";
import { type Head, toConversation, toHeadFields } from "@/store/mongodb/head.ts";
import { makeIndexes } from "@/store/mongodb/indexes.ts";
import { migrate } from "@/store/mongodb/migrations.ts";
import { finishRedo } from "@/store/mongodb/redo.ts";
import { take } from "@/store/mongodb/take.ts";
import {
  fromDebounceRow,
  fromRow,
  toContactRow,
  toDebounceRow,
  toMessageRow,
  toRow,
  toTurnRow,
  without,
} from "@/store/mongodb/rows.ts";

import { toTypedRow, toTypedText } from "@/store/mongodb/typed_texts.ts";

/** Before any commit's, so that every commit after the move writes its rows over these. */
const beforeAnyCommit = { ver: 0 } as const;

const leases = [["conversations", "turnLease"], ["conversations", "sendLease"], ["envelopes", "lease"]] as const;

/**
 * Opens a MongoDB's data as a whole, and makes the indexes that are missing.
 *
 * @throws {StoreUnavailableError} when no server answers, or when a newer Moca has written the database
 */
export async function openMongoTransfer(uri: string): Promise<Transfer> {
  const db = await Database.open(uri, { socketTimeoutMS: 0 });
  try {
    await migrate(db);
    await makeIndexes(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return new MongoTransfer(db);
}

class MongoTransfer implements Transfer {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  settle(): Promise<void> {
    return this.#db.ask(async () => {
      const heads = this.#db.rows("conversations").find({ redo: { $exists: true } });
      for await (const head of heads) await finishRedo(this.#db, head as Head);
    });
  }

  count(name: CollectionName): Promise<number> {
    return this.#db.ask(() => this.#db.rows(name).countDocuments(living(name)));
  }

  async *read<Name extends CollectionName>(name: Name, after?: string): AsyncIterable<Page<Name>> {
    const { sort, behind, positionOf } = placeOf(name);
    const rows = this.#db.rows(name).find({ $and: [living(name), after === undefined ? {} : behind(after)] })
      .sort(sort).batchSize(pageSize);
    try {
      for (let next: Row[] = []; (next = await this.#db.ask(() => take(rows, pageSize))).length > 0;) {
        yield { records: next.map(readers[name]), position: positionOf(next[next.length - 1]) };
      }
    } finally {
      await rows.close();
    }
  }

  async write<Name extends CollectionName>(
    name: Name,
    records: readonly Collections[Name][],
    ordinal: number,
  ): Promise<void> {
    if (records.length === 0) return;
    const writes = records.map((record, index) => {
      const { _id, ...replacement } = writers[name](record, numberedId(ordinal + index));
      return { replaceOne: { filter: { _id }, replacement, upsert: true } };
    });
    await this.#db.ask(() => this.#db.rows(name).bulkWrite(writes, { ordered: false }));
    if (name === "debounce") await this.#planTurns(records as readonly Debounce[]);
  }

  /** When a turn is due stands in the head. */
  async #planTurns(debounces: readonly Debounce[]): Promise<void> {
    const writes = debounces.filter(({ dueAt }) => dueAt !== undefined).map(({ conversationId: _id, dueAt }) => ({
      updateOne: { filter: { _id }, update: { $set: { turnDueAt: dueAt } } },
    }));
    if (writes.length === 0) return;
    await this.#db.ask(() => this.#db.rows("conversations").bulkWrite(writes, { ordered: false }));
  }

  empty(): Promise<void> {
    return this.#db.ask(async () => {
      for (const name of [...collectionNames, "feed"]) await this.#db.rows(name).deleteMany({});
    });
  }

  mark(): Promise<CopyMark | undefined> {
    return readMark(this.#db);
  }

  setMark(mark: CopyMark): Promise<void> {
    return writeMark(this.#db, mark);
  }

  /** Those who beat, and whoever holds a lease: an instance that died holds its own for a while. */
  async workers(): Promise<readonly string[]> {
    const now = (await askServer(this.#db)).localTime as Date;
    return await this.#db.ask(async () => {
      const alive = await this.#db.rows("instances").find({ aliveUntil: { $gt: now } }).toArray();
      const leased = await Promise.all(leases.map(async ([name, lease]) => {
        const row = await this.#db.rows(name).findOne({ [`${lease}.until`]: { $gt: now } });
        return row === null ? [] : [`a lease on ${name}`];
      }));
      return [...alive.map(({ _id, host }) => `instance ${host ?? _id}`), ...leased.flat()];
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#db.close();
  }
}

/** Tombstones of contacts who were erased are no data, nor are commands that nothing came of. */
function living(name: CollectionName): Document {
  if (name === "commands") return done;
  return name === "conversations" ? { committedAt: { $exists: true } } : {};
}

/** An order of rows that an index has, and how to go on in it. */
interface Place {
  readonly sort: Readonly<Record<string, 1 | -1>>;
  readonly behind: (position: string) => Document;
  readonly positionOf: (row: Row) => string;
}

const byId: Place = {
  sort: { _id: 1 },
  behind: (position) => ({ _id: { $gt: position } }),
  positionOf: ({ _id }) => _id,
};

/** Those of one conversation together, as SQLite lays them down; going on begins with the whole conversation. */
const byConversation: Place = {
  sort: { conversationId: 1, at: -1, _id: -1 },
  behind: (position) => ({ conversationId: { $gte: position } }),
  positionOf: ({ conversationId }) => conversationId,
};

const byArrival: Place = {
  sort: { receivedAt: 1, entry: 1 },
  behind: (position) => {
    const { at, id } = fromCursor(position) ?? { at: 0, id: "" };
    const receivedAt = new Date(at);
    return { receivedAt: { $gte: receivedAt }, $or: [{ receivedAt: { $gt: receivedAt } }, { entry: { $gt: id } }] };
  },
  positionOf: ({ receivedAt, entry }) => toCursor({ at: receivedAt.getTime(), id: entry }),
};

function placeOf(name: CollectionName): Place {
  if (name === "messages") return byConversation;
  return name === "envelopes" ? byArrival : byId;
}

const readers: { readonly [Name in CollectionName]: (row: Row) => Collections[Name] } = {
  accounts: (row) => ({ ...fromRow<Collections["accounts"]>(row), ver: row.ver }),
  knowledge: (row) => ({ ...fromRow<Collections["knowledge"]>(row), ver: row.ver }),
  conversations: (row) => toConversation(row as Head),
  contacts: fromRow,
  debounce: fromDebounceRow,
  "outbound_queue": fromRow,
  messages: fromRow,
  turns: fromRow,
  commands: fromRow,
  "saved_views": fromRow,
  simulations: fromRow,
  "canned_replies": (row) => ({ ...fromRow<Collections["canned_replies"]>(row), ver: row.ver }),
  "typed_texts": toTypedText,
  envelopes: toEnvelope,
  limits: ({ _id, ...fields }) => ({ key: _id, ...fromFields<Omit<Collections["limits"], "key">>(fields) }),
  operators: (row) => ({ ...fromRow<Collections["operators"]>(row), ver: row.ver }),
  sessions: fromRow,
  "audit_log": (row) => fromFields(without(row, ["_id", "ver"])),
};

type ToRow<Name extends CollectionName> = (record: Collections[Name], numbered: string) => Row;

const writers: { readonly [Name in CollectionName]: ToRow<Name> } = {
  accounts: toRow,
  knowledge: toKnowledgeRow,
  conversations: (conversation) => ({
    ...toHeadFields(conversation, {}),
    _id: conversation.id,
    ver: conversation.ver,
    commits: [],
    committedAt: conversation.updatedAt,
  }),
  contacts: (contact) => ({ ...toContactRow(contact), ...beforeAnyCommit }),
  debounce: (debounce) => ({ ...toDebounceRow(debounce), ...beforeAnyCommit }),
  "outbound_queue": (item) => ({ ...toRow(item), ...beforeAnyCommit }),
  messages: (message) => ({ ...toMessageRow(message), ...beforeAnyCommit }),
  turns: (turn) => ({ ...toTurnRow(turn), ...beforeAnyCommit }),
  commands: (command) => ({ ...toRow(command), ...beforeAnyCommit }),
  "canned_replies": toRow,
  "saved_views": toRow,
  simulations: toRow,
  "typed_texts": (typed) => toTypedRow(typed, beforeAnyCommit.ver),
  envelopes: ({ id, body, ...rest }, entry) => ({ _id: id, ...toFields(rest), entry, body: new Binary(body) }),
  limits: ({ key, ...rest }) => ({ _id: key, ...toFields(rest) }),
  operators: toRow,
  sessions: toRow,
  "audit_log": (entry, _id) => ({ _id, ...toFields(entry), ...beforeAnyCommit }),
};

/** In the form of an entry's id, in order, and before every one that is made by time. */
function numberedId(ordinal: number): string {
  return ordinal.toString(16).padStart(24, "0");
}
