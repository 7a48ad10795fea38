import { type Collection, type Db, type Document, MongoClient, type MongoClientOptions, MongoError } from "mongodb";
import { StoreUnavailableError } from "@/store/store.ts";

/** A document whose `_id` is the record's natural key: the one thing that uniqueness rests on. */
export interface Row extends Document {
  readonly _id: string;
}

/** How long the driver looks for a server, and a caller who must answer soon waits, in milliseconds. */
export const answerWithinMs = 5_000;

const options: MongoClientOptions = {
  appName: "moca",
  readPreference: "primary",
  readConcern: { level: "majority" },
  writeConcern: { w: "majority", journal: true, wtimeoutMS: answerWithinMs },
  serverSelectionTimeoutMS: answerWithinMs,
  connectTimeoutMS: answerWithinMs,
  waitQueueTimeoutMS: answerWithinMs,
  socketTimeoutMS: 30_000,
  maxPoolSize: 50,
  maxConnecting: 10,
};

const defaultName = "moca";

/** Milliseconds since 1970 beyond which no instant lies: an instant is compared with it to be any at all. */
export const farFuture = new Date(8_640_000_000_000_000);

/** One handle on the database. Whatever it refuses becomes a `StoreUnavailableError`. */
export class Database {
  readonly #client: MongoClient;
  readonly #db: Db;
  #isClosed = false;

  private constructor(client: MongoClient, name: string) {
    this.#client = client;
    this.#db = client.db(name);
  }

  /** @throws {StoreUnavailableError} when no server answers in time. */
  static open(uri: string, more: MongoClientOptions = {}): Promise<Database> {
    return orUnavailable(async () => {
      const client = new MongoClient(uri, { ...options, ...more });
      try {
        await client.connect();
      } catch (error) {
        await client.close();
        throw error;
      }
      return new Database(client, databaseName(uri));
    });
  }

  rows(name: string): Collection<Row> {
    return this.#db.collection<Row>(name);
  }

  command(command: Document): Promise<Document> {
    return this.ask(() => this.#db.command(command));
  }

  async ask<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) {
      throw new StoreUnavailableError("Cannot use the database: the store was closed", {
        cause: new Error("the store was closed"),
      });
    }
    return await orUnavailable(work);
  }

  /** As `ask`, but rejects when there is no answer soon. What was asked may happen nevertheless. */
  async askSoon<Result>(work: () => Promise<Result>): Promise<Result> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const message = `Cannot use the database: no answer within ${answerWithinMs} ms`;
      reject(new StoreUnavailableError(message, { cause: new Error("timed out") }));
    }, answerWithinMs);
    try {
      return await Promise.race([this.ask(work), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Harmless when closed already. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#client.close();
  }
}

/** The database that the URI names, or `moca`. */
export function databaseName(uri: string): string {
  const name = uri.match(/^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/)?.[1];
  return name === undefined ? defaultName : decodeURIComponent(name);
}

/** The server answered that a row with this `_id` is there. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoError && error.code === 11_000;
}

async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    // The driver's own words may hold what a row holds.
    throw new StoreUnavailableError(`Cannot use the database: ${error.name} ${error.code ?? ""}`.trimEnd(), {
      cause: error,
    });
  }
}
