import assert from "node:assert/strict";
import type { Document } from "mongodb";
import { Database } from "@/store/mongodb/database.ts";
import { isServed } from "@/store/mongodb/testing/index_rule.ts";
import { type Query, shapeOf, startRecording } from "@/store/mongodb/testing/recorded_queries.ts";
import { openTemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { testStore } from "@/store/testing/conformance.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** Queries that may read a whole collection, each with the reason. */
const mayScan: readonly RegExp[] = [
  /^(accounts|migrations|instances|copies) /, // a handful of rows
  /^(conversations|envelopes) \{"(turnLease|sendLease|lease)":\{"\$exists":"\?"\}\}/, // once, by hand
  /^envelopes \{"state":\{"\$ne":"\?"\}\} /, // an erasure looks into every body
];

function needsIndex(query: Query): boolean {
  return !mayScan.some((pattern) => pattern.test(shapeOf(query)));
}

/** The stages of the plan that the server chose; undefined when it cannot explain. */
async function planOf(db: Database, { collection, filter, sort }: Query): Promise<string | undefined> {
  try {
    const explain = { find: collection, filter, sort, limit: 50 };
    const plan = (await db.command({ explain, verbosity: "queryPlanner" })).queryPlanner as Document | undefined;
    return plan?.winningPlan === undefined ? undefined : JSON.stringify(plan.winningPlan);
  } catch {
    return undefined;
  }
}

await withMongo(({ uri }) => {
  const recording = startRecording();
  testStore("MongoDB", () => openTemporaryMongo(uri));

  Deno.test("MongoDB: every query of the suite has an index, and uses it where the server can explain", async () => {
    const queries = recording.stop();
    assert.ok(queries.length > 60, `only ${queries.length} shapes of queries were seen`);
    const wanted = queries.filter(needsIndex);
    assert.deepEqual(wanted.filter((query) => !isServed(query)).map(shapeOf), []);
    await using mongo = await openTemporaryMongo(uri);
    const db = await Database.open(mongo.uri);
    const scans: string[] = [];
    for (const query of wanted) if ((await planOf(db, query))?.includes("COLLSCAN")) scans.push(shapeOf(query));
    await db.close();
    assert.deepEqual(scans, []);
  });
});
