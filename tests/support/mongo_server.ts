/**
 * A MongoDB for the tests, the first of these that is there: the server that `MONGODB_TEST_URI` names; a `mongod` on the
 * PATH; where Java and Maven are, mongo-java-server, which keeps single-document updates atomic but scans instead
 * of using indexes. In CI one must be there; elsewhere the tests that want it are ignored, with the reason.
 */
import { MongoClient } from "mongodb";
import { startMongod } from "@tests/support/mongo/mongod.ts";
import { startJavaServer } from "@tests/support/mongo/java_server.ts";

export interface TestMongo extends AsyncDisposable {
  readonly uri: string;
  /** Which server and version, for the log. */
  readonly name: string;
}

/** A server that was started, or why none could be. */
export type Started = (AsyncDisposable & { readonly uri: string; readonly name: string }) | {
  readonly unavailable: string;
};

/** @throws {Error} in CI, when there is none. */
export async function startMongo(): Promise<TestMongo | { readonly unavailable: string }> {
  const reasons = ["MONGODB_TEST_URI is not set"];
  const named = Deno.env.get("MONGODB_TEST_URI");
  if (named) {
    return {
      uri: named,
      name: await describe("MongoDB", named),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  for (const start of [startMongod, startJavaServer]) {
    const started = await start();
    if (!("unavailable" in started)) return { ...started, name: await describe(started.name, started.uri) };
    reasons.push(started.unavailable);
  }
  const unavailable = `no MongoDB for the tests: ${reasons.join("; ")}`;
  if (Deno.env.get("CI")) throw new Error(`Cannot run the tests: ${unavailable}`);
  return { unavailable };
}

async function describe(name: string, uri: string): Promise<string> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    const { version } = await client.db("admin").command({ buildInfo: 1 });
    return `${name} (tells version ${version})`;
  } finally {
    await client.close();
  }
}

/**
 * Registers tests that want a MongoDB: one server for all tests of the file, stopped after them; one ignored test
 * that tells the reason when there is none.
 */
export async function withMongo(register: (mongo: TestMongo) => void): Promise<void> {
  const mongo = await startMongo();
  if ("unavailable" in mongo) {
    Deno.test({ name: `MongoDB: ${mongo.unavailable}`, ignore: true, fn: () => undefined });
    return;
  }
  Deno.test(`MongoDB: the tests run on ${mongo.name}`, () => undefined);
  Deno.test.afterAll(async () => await mongo[Symbol.asyncDispose]());
  register(mongo);
}
