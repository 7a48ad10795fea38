/** plainjob on `node:sqlite`, as safe on disk as Moca: it asks for less, `synchronous=NORMAL`, and is not given it. */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { defineQueue, defineWorker } from "plainjob";
import { postText } from "../graph.ts";

type Connection = Parameters<typeof defineQueue>[0]["connection"];

/** Texts a second, from 16 workers in one process. */
export async function drainWithPlainjob(path: string, graphUrl: string, psids: readonly string[]): Promise<number> {
  const database = new DatabaseSync(path);
  const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
  const queue = defineQueue({ connection: connectionTo(database, path), logger });
  queue.addMany("send", [...psids]);
  let left = psids.length;
  const drained = Promise.withResolvers<void>();
  const send = async ({ data }: { readonly data: string }): Promise<void> => {
    await postText(graphUrl, JSON.parse(data));
  };
  const onCompleted = (): void => {
    left -= 1;
    if (left === 0) drained.resolve();
  };
  const workers = Array.from({ length: 16 }, () => defineWorker("send", send, { queue, logger, onCompleted }));
  const startedAt = performance.now();
  const running = workers.map((worker) => worker.start());
  await drained.promise;
  const rate = psids.length / ((performance.now() - startedAt) / 1_000);
  for (const worker of workers) await worker.stop();
  await Promise.all(running);
  queue.close();
  return rate;
}

function connectionTo(database: DatabaseSync, filename: string): Connection {
  const connection = {
    driver: "better-sqlite3",
    filename,
    pragma: (words: string) => database.exec(`PRAGMA ${words.replace(/synchronous = 1/, "synchronous = FULL")}`),
    exec: (sql: string) => database.exec(sql),
    prepare: (sql: string) => {
      const statement = database.prepare(sql);
      statement.setAllowBareNamedParameters(true);
      return {
        run: (...params: SQLInputValue[]) => statement.run(...params),
        get: (...params: SQLInputValue[]) => statement.get(...params),
        all: (...params: SQLInputValue[]) => statement.all(...params),
      };
    },
    transaction: (work: (...args: unknown[]) => unknown) => {
      const within = (...args: unknown[]): unknown => {
        database.exec("BEGIN IMMEDIATE");
        const result = work(...args);
        database.exec("COMMIT");
        return result;
      };
      return Object.assign(within, { default: within, deferred: within, immediate: within, exclusive: within });
    },
    close: () => database.close(),
  };
  return connection as unknown as Connection;
}
