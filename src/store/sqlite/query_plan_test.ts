import assert from "node:assert/strict";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { storeChecks } from "@/store/testing/conformance.ts";

/** Every statement that the whole suite makes the store prepare. */
async function statementsOfTheSuite(): Promise<ReadonlySet<string>> {
  const statements = new Set<string>();
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (sql: string): StatementSync {
    statements.add(sql);
    return prepare.call(this, sql);
  };
  try {
    for (const { run } of storeChecks) {
      await using store = await openTemporaryStore();
      await run(store);
    }
  } finally {
    DatabaseSync.prototype.prepare = prepare;
  }
  return statements;
}

/** Statements that may read a whole table, each with the reason. */
const mayScan: readonly RegExp[] = [
  /^SELECT data FROM (accounts|operators|instances) ORDER BY id$|^DELETE FROM instances WHERE beat_at/, // a handful of rows
  /^UPDATE (debounce|conversations) SET \w+ = NULL, \w+ = NULL WHERE \w+ IS NOT NULL$/, // once, at the start
  / FROM envelopes +ORDER BY n DESC LIMIT :limit$/, // the newest few, by the table's own order
  /^DELETE FROM feed WHERE seq < coalesce/, // up to the first that stays
  /pragma_(user_version|application_id)|sqlite_version|^SELECT 1$/, // no table
];

Deno.test("no statement of the SQLite store reads a whole table", async () => {
  const statements = await statementsOfTheSuite();
  await using store = await openTemporaryStore();
  const db = new DatabaseSync(store.path);
  const scans = [...statements].filter((sql) => !mayScan.some((pattern) => pattern.test(sql))).flatMap((sql) =>
    /^PRAGMA/.test(sql) ? [] : scansOf(db, sql).map((step) => `${step}  <-  ${sql}`)
  );
  db.close();
  assert.ok(statements.size > 50, `only ${statements.size} statements were seen`);
  assert.deepEqual(scans, []);
});

/** The plan's steps that walk a table instead of an index. */
function scansOf(db: DatabaseSync, sql: string): string[] {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => String(detail));
  return steps.filter((step) =>
    /^SCAN (?!CONSTANT ROW|near$|known$|\(subquery-\d+\)$|search\w* VIRTUAL|json_each VIRTUAL|.* USING (COVERING )?INDEX)/
      .test(
        step,
      )
  );
}
