import { Collection, type Document, FindCursor } from "mongodb";

/** What was asked of a collection: which rows, in which order. */
export interface Query {
  readonly collection: string;
  readonly filter: Document;
  /** Empty: in any. */
  readonly sort: Document;
}

type Method = (this: Collection, ...args: unknown[]) => unknown;

const byFilter = [
  "countDocuments",
  "updateOne",
  "updateMany",
  "replaceOne",
  "deleteOne",
  "deleteMany",
  "findOneAndUpdate",
];

export interface Recording {
  /** Every query since, one of each shape. */
  stop(): readonly Query[];
}

/** Listens to what the driver is asked, on every handle. */
export function startRecording(): Recording {
  const queries: (Query & { sort: Document })[] = [];
  const sorts = new WeakMap<object, Query & { sort: Document }>();
  const add = (collection: string, filter: unknown): Query & { sort: Document } => {
    const query = { collection, filter: (filter ?? {}) as Document, sort: {} };
    queries.push(query);
    return query;
  };
  const restore = [
    ...byFilter.map((name) =>
      replace(Collection.prototype, name, (real) =>
        function (this: Collection, ...args: unknown[]): unknown {
          add(this.collectionName, args[0]);
          return real.apply(this, args);
        })
    ),
    replace(Collection.prototype, "find", (real) =>
      function (this: Collection, ...args: unknown[]): unknown {
        const cursor = real.apply(this, args) as object;
        sorts.set(cursor, add(this.collectionName, args[0]));
        return cursor;
      }),
    replace(Collection.prototype, "bulkWrite", (real) =>
      function (this: Collection, ...args: unknown[]): unknown {
        const [first] = args[0] as Record<string, { filter?: Document }>[];
        for (const { filter } of Object.values(first ?? {})) if (filter !== undefined) add(this.collectionName, filter);
        return real.apply(this, args);
      }),
    replace(FindCursor.prototype, "sort", (real) =>
      function (this: Collection, ...args: unknown[]): unknown {
        const query = sorts.get(this);
        if (query !== undefined) query.sort = args[0] as Document;
        return real.apply(this, args);
      }),
  ];
  return {
    stop: () => {
      for (const undo of restore) undo();
      return [...new Map(queries.map((query) => [shapeOf(query), query])).values()];
    },
  };
}

function replace(prototype: object, name: string, make: (real: Method) => Method): () => void {
  const real = Reflect.get(prototype, name) as Method;
  Reflect.set(prototype, name, make(real));
  return () => void Reflect.set(prototype, name, real);
}

/** The query without its values. */
export function shapeOf({ collection, filter, sort }: Query): string {
  return `${collection} ${JSON.stringify(withoutValues(filter))} ${JSON.stringify(sort)}`;
}

function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((one) => typeof one === "object") ? value.map(withoutValues) : "?";
  if (value === null || typeof value !== "object" || value instanceof Date || value instanceof RegExp) return "?";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutValues(inner)]));
}
