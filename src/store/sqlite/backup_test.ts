import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { backupSqlite } from "@/store/sqlite/backup.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { mustLoad, save } from "@/store/testing/check.ts";
import { makeMessage } from "@/store/testing/factories.ts";

Deno.test("backupSqlite() copies a database in use into one file that a store opens", async () => {
  await using store = await openTemporaryStore();
  const messages = Array.from({ length: 200 }, (_, n) => makeMessage({ mid: `m${n}` }));
  const saved = await save(store.one, { contact: { name: "Ada" } }, { messages });
  const dir = await Deno.makeTempDir();
  const to = `${dir}/copy.db`;
  const { bytes } = await backupSqlite({ from: store.path, to });
  assert.deepEqual(Array.from(Deno.readDirSync(dir), ({ name }) => name), ["copy.db"]);
  assert.equal(bytes, (await Deno.stat(to)).size);
  const copy = await openSqliteStore({ path: to, clock: new ManualClock() });
  assert.deepEqual(await mustLoad(copy), saved);
  assert.equal(await copy.messages.count(), 200);
  await copy[Symbol.asyncDispose]();
  await Deno.remove(dir, { recursive: true });
});

Deno.test("backupSqlite() leaves the last copy alone when the database cannot be read", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/copy.db`, "the last one");
  await assert.rejects(backupSqlite({ from: `${dir}/none.db`, to: `${dir}/copy.db` }));
  assert.equal(await Deno.readTextFile(`${dir}/copy.db`), "the last one");
  await Deno.writeTextFile(`${dir}/junk.db`, "this is not a database".repeat(500));
  await assert.rejects(backupSqlite({ from: `${dir}/junk.db`, to: `${dir}/copy.db` }));
  assert.equal(await Deno.readTextFile(`${dir}/copy.db`), "the last one");
  assert.equal(Array.from(Deno.readDirSync(dir)).length, 2);
  await Deno.remove(dir, { recursive: true });
});
