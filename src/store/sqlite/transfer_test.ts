import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { scaleChecks } from "@/store/testing/scale_checks.ts";
import { testTransfer } from "@/store/testing/transfer_checks.ts";
import { collectionNames } from "@/store/transfer.ts";

testTransfer("SQLite", openTemporaryStore);
testTransfer("SQLite", openTemporaryStore, scaleChecks);

/** Tables that are made anew from the others, or that only running instances use. */
const staysBehind = [/^search/, /^words$/, /^vocabulary$/, /^tags$/, /^tallies$/, /^feed$/, /^instances$/, /^copies$/];

Deno.test("every table of the SQLite store is moved, or stays behind on purpose", async () => {
  await using store = await openTemporaryStore();
  const db = new DatabaseSync(store.path);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all().map(({ name }) => `${name}`);
  db.close();
  const moved: readonly string[] = collectionNames;
  const left = tables.filter((name) => !moved.includes(name) && !staysBehind.some((pattern) => pattern.test(name)));
  assert.deepEqual(left, []);
});
