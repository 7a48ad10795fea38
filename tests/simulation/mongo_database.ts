/**
 * The MongoDB store in a simulation: the real store, driver and server, with each command a step of the loop. A command
 * is made while everything else stands still, and between two commands anything may happen: another instance's command,
 * a broken line, the end of the process. So a redo list is left unfinished at every place where it can be.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Collection, FindCursor } from "mongodb";
import type { Change } from "@/conversation/aggregate.ts";
import { Database, type Row } from "@/store/mongodb/database.ts";
import { makeIndexes } from "@/store/mongodb/indexes.ts";
import { MongoStore } from "@/store/mongodb/opened_store.ts";
import { keepSwept } from "@/store/mongodb/sweep.ts";
import { overriding } from "@/store/mongodb/testing/intercept.ts";
import { dropDatabase, withDatabase } from "@/store/mongodb/testing/temporary_mongo.ts";
import type { EventLoop } from "@tests/simulation/event_loop.ts";
import type { OpenOptions, SimulatedDatabase } from "@tests/simulation/stores.ts";
import { overlay } from "@tests/simulation/watch.ts";

/** One command to a collection, as it is about to be made. */
export interface Command {
  readonly collection: string;
  readonly method: string;
  readonly args: unknown[];
}

/** What a mistake makes of a command and of what is answered to it. */
export interface Tampering {
  readonly command?: (command: Command) => unknown[];
  readonly answer?: (command: Command, answer: unknown) => unknown;
}

const commands: ReadonlySet<string> = new Set([
  "insertOne",
  "insertMany",
  "updateOne",
  "updateMany",
  "replaceOne",
  "bulkWrite",
  "deleteOne",
  "deleteMany",
  "findOne",
  "findOneAndUpdate",
  "countDocuments",
  "estimatedDocumentCount",
  "distinct",
]);

/** A new database on the server, dropped with the run. */
export async function mongoDatabase(
  loop: EventLoop,
  { serverUri, tampering = {} }: { readonly serverUri: string; readonly tampering?: Tampering },
): Promise<SimulatedDatabase> {
  const uri = withDatabase(serverUri, `moca_simulation_${crypto.randomUUID().replaceAll("-", "")}`);
  const real = await Database.open(uri);
  await makeIndexes(real);
  const ended = new AbortController();
  return {
    pointsOfLife: 4_000,
    open: (options = {}) => {
      const db = simulated(real, { ...options, tampering, loop });
      const now = (): Date => loop.now();
      void keepSwept(db, { clock: loop, now, signal: ended.signal });
      const server = { version: "", kind: "single" } as const;
      const store = new MongoStore(db, { now, server, stop: () => Promise.resolve() });
      return Promise.resolve(noting(store));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await real.close();
      await dropDatabase(uri);
    },
  };
}

/** What is being committed, known to the commands that do it. */
const committing = new AsyncLocalStorage<Change>();

function noting(store: MongoStore): MongoStore {
  const { conversations } = store;
  const commit: typeof conversations.commit = (change) => committing.run(change, () => conversations.commit(change));
  return overlay(store, { conversations: overlay(conversations, { commit }) });
}

interface Line extends OpenOptions {
  readonly loop: EventLoop;
  readonly tampering: Tampering;
}

function simulated(real: Database, line: Line): Database {
  return overriding<Database>(
    real,
    (method) => method === "rows" ? (name) => onLine(real.rows(String(name)), String(name), line) : undefined,
  );
}

function onLine(rows: Collection<Row>, collection: string, line: Line): Collection<Row> {
  return overriding(rows, (method, call) => {
    if (method === "find") {
      return (...args) => cursorOnLine(call(...args) as unknown as FindCursor<Row>, collection, line);
    }
    if (!commands.has(method)) return undefined;
    return (...args) => make({ collection, method, args }, call, line);
  });
}

/** Its commands are made when its rows are asked for, all of them at once. */
function cursorOnLine(cursor: FindCursor<Row>, collection: string, line: Line): FindCursor<Row> {
  const ask = (): Promise<unknown> => make({ collection, method: "find", args: [] }, () => cursor.toArray(), line);
  const proxy: FindCursor<Row> = new Proxy(cursor, {
    get: (_, name) => {
      if (name === "toArray") return ask;
      if (name === Symbol.asyncIterator) {
        return async function* (): AsyncGenerator<Row> {
          yield* await ask() as Row[];
        };
      }
      const member: unknown = Reflect.get(cursor, name, cursor);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const result: unknown = member.apply(cursor, args);
        return result === cursor ? proxy : result;
      };
    },
  });
  return proxy;
}

type Call = (...args: unknown[]) => Promise<unknown>;

function make(command: Command, call: Call, { loop, tampering, line, committed, count }: Line): Promise<unknown> {
  const change = committing.getStore();
  const work = async (): Promise<unknown> => {
    const result = await call(...tampering.command?.(command) ?? command.args);
    if (change !== undefined && isHeadWritten(command, result)) committed?.(change);
    if (change === undefined && isRedoFinished(command, result)) count?.("redoFinishedByOther");
    return tampering.answer?.(command, result) ?? result;
  };
  const made = (): Promise<unknown> => loop.away(work);
  return line === undefined ? made() : line(`${command.collection}.${command.method}`, made);
}

/** A commit is done when its head is written; all that comes after can be done by others. */
function isHeadWritten({ collection, method, args }: Command, result: unknown): boolean {
  if (collection !== "conversations") return false;
  if (method === "insertOne") return true;
  const isCommit = method === "updateOne" && "$push" in (args[1] as object);
  return isCommit && (result as { readonly matchedCount: number }).matchedCount === 1;
}

function isRedoFinished({ collection, method, args }: Command, result: unknown): boolean {
  if (collection !== "conversations" || method !== "updateOne") return false;
  const { $unset = {} } = args[1] as { readonly $unset?: object };
  return "redo" in $unset && (result as { readonly matchedCount: number }).matchedCount === 1;
}
