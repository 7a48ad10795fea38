import type { Collection } from "mongodb";
import { MongoConversations } from "@/store/mongodb/conversations.ts";
import { Database, type Row } from "@/store/mongodb/database.ts";
import { MongoLimits } from "@/store/mongodb/limits.ts";
import { MongoEnvelopes } from "@/store/mongodb/envelopes.ts";

/** One request to a collection. */
export interface Request {
  readonly collection: string;
  readonly method: string;
  /** Position among the requests of its kind, from 0. */
  readonly index: number;
}

/** Decides on a request: `proceed` makes it. */
export type Interceptor = (request: Request, proceed: () => Promise<unknown>) => Promise<unknown>;

export interface InterceptedHandle extends AsyncDisposable {
  readonly db: Database;
  readonly conversations: MongoConversations;
}

const writes = ["insertOne", "updateOne", "replaceOne", "bulkWrite", "deleteOne", "deleteMany"];
const reads = ["findOne"];

/** A handle all of whose writes go through the interceptor, as through a line that can fail at any time. */
export function interceptWrites(uri: string, now: () => Date, intercept: Interceptor): Promise<InterceptedHandle> {
  return openIntercepted(uri, { methods: writes, now, intercept });
}

/** As `interceptWrites`, for the reading of single rows. */
export function interceptReads(uri: string, now: () => Date, intercept: Interceptor): Promise<InterceptedHandle> {
  return openIntercepted(uri, { methods: reads, now, intercept });
}

async function openIntercepted(
  uri: string,
  { methods, now, intercept }: { methods: readonly string[]; now: () => Date; intercept: Interceptor },
): Promise<InterceptedHandle> {
  const real = await Database.open(uri);
  let count = 0;
  const underWay = new Set<Promise<unknown>>();
  const wrapRows = (name: string): Collection<Row> =>
    overriding(real.rows(name), (method, call) => {
      if (!methods.includes(method)) return undefined;
      return (...args) =>
        intercept({ collection: name, method, index: count++ }, () => {
          const made = call(...args);
          underWay.add(made);
          return made;
        });
    });
  const db = overriding<Database>(real, (method) => method === "rows" ? (name) => wrapRows(String(name)) : undefined);
  const conversations = new MongoConversations(db, {
    now,
    envelopes: new MongoEnvelopes(db, now),
    limits: new MongoLimits(db, now),
  });
  return {
    db,
    conversations,
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.allSettled(underWay);
      await real.close();
    },
  };
}

export type Call = (...args: unknown[]) => Promise<unknown>;

/** The object with the methods replaced for which `replace` answers another. */
export function overriding<Target extends object>(
  target: Target,
  replace: (name: string, call: Call) => ((...args: unknown[]) => unknown) | undefined,
): Target {
  return new Proxy(target, {
    get: (_, name) => {
      const member = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return replace(String(name), member.bind(target)) ?? member.bind(target);
    },
  });
}

/** A point at which somebody can be held until let go. */
export class Gate {
  readonly #arrived = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();

  /** Resolves when somebody waits. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  wait(): Promise<void> {
    this.#arrived.resolve();
    return this.#opened.promise;
  }

  open(): void {
    this.#opened.resolve();
  }
}
