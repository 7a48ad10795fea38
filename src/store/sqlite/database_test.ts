import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { compareVersions, Database } from "@/store/sqlite/database.ts";
import { SqliteEnvelopes } from "@/store/sqlite/envelopes.ts";
import { migrate, migrations } from "@/store/sqlite/migrations.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { StoreUnavailableError } from "@/store/store.ts";
import { save } from "@/store/testing/check.ts";
import { makeEnvelope, makeMessage } from "@/store/testing/factories.ts";

Deno.test("openSqliteStore() keeps WAL and waits for the disk at each commit (C1)", async () => {
  await using store = await openTemporaryStore();
  const db = Database.open(store.path);
  assert.deepEqual({ ...db.one<object>("PRAGMA journal_mode") }, { journal_mode: "wal" });
  assert.deepEqual({ ...db.one<object>("PRAGMA synchronous") }, { synchronous: 2 });
  assert.deepEqual({ ...db.one<object>("PRAGMA busy_timeout") }, { timeout: 500 });
  db.close();
});

Deno.test("what need not outlive a power cut is not waited for, and what comes after it is again (C1)", async () => {
  await using store = await openTemporaryStore();
  const db = Database.open(store.path);
  const mode = (): number | undefined => db.one<{ synchronous: number }>("PRAGMA synchronous")?.synchronous;
  assert.equal(await db.askLightly(mode), 1);
  assert.equal(mode(), 2);
  await assert.rejects(db.askLightly(() => db.exec("no SQL")), StoreUnavailableError);
  assert.equal(mode(), 2);
  db.close();
});

Deno.test("openSqliteStore() refuses a database that a newer Moca wrote", async () => {
  await using store = await openTemporaryStore();
  const db = new DatabaseSync(store.path);
  db.exec("PRAGMA user_version = 99");
  db.close();
  await assert.rejects(store.another(), (error: Error) => {
    assert.ok(error instanceof StoreUnavailableError);
    assert.match(error.message, /^Cannot open the database: its tables are of version 99, wants 1 or older/);
    return true;
  });
});

Deno.test("openSqliteStore() refuses tables that another build made under the same version", async () => {
  await using store = await openTemporaryStore();
  const db = new DatabaseSync(store.path);
  db.exec("PRAGMA application_id = 0");
  db.close();
  await assert.rejects(store.another(), (error: Error) => {
    assert.ok(error instanceof StoreUnavailableError);
    assert.match(
      error.message,
      /^Cannot open the database: its tables were made by a build .* wants those of version 1/,
    );
    return true;
  });
});

Deno.test("migrate() runs each step once, and none of a step that fails", () => {
  const db = Database.open(":memory:");
  const steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO b VALUES (1)"];
  migrate(db, steps.slice(0, 1));
  assert.throws(() => migrate(db, [steps[0], "CREATE TABLE c (x); nonsense"]), StoreUnavailableError);
  migrate(db, steps);
  migrate(db, steps);
  assert.deepEqual(db.all<{ x: number }>("SELECT x FROM b").map(({ x }) => x), [1]);
  assert.equal(db.one("SELECT 1 FROM sqlite_schema WHERE name = 'c'"), undefined);
  db.close();
});

Deno.test("migrate() knows as many steps as the tables have versions", async () => {
  await using store = await openTemporaryStore();
  const db = new DatabaseSync(store.path, { readOnly: true });
  assert.equal(db.prepare("PRAGMA user_version").get()?.user_version, migrations.length);
  db.close();
});

Deno.test("compareVersions() compares number by number", () => {
  const older = [["3.51.2", "3.51.3"], ["3.9.9", "3.51.3"], ["2.99", "3.51.3"], ["3.51", "3.51.1"]];
  for (const [a, b] of older) assert.ok(compareVersions(a, b) < 0 && compareVersions(b, a) > 0, `${a} < ${b}`);
  assert.equal(compareVersions("3.51.3", "3.51.3"), 0);
});

Deno.test("a full disk rejects every envelope of the group with StoreUnavailableError, and the next are taken", async () => {
  const dir = await Deno.makeTempDir();
  const db = Database.open(`${dir}/full.db`);
  migrate(db);
  const envelopes = new SqliteEnvelopes(db, () => new Date(0));
  const limit = db.one<{ page_count: number }>("PRAGMA page_count")?.page_count ?? 0;
  db.one(`PRAGMA max_page_count = ${limit + 2}`);
  const small = makeEnvelope({ id: "small" });
  const answers = await Promise.allSettled(
    [small, makeEnvelope({ id: "large", body: "x".repeat(100_000) })].map((envelope) => envelopes.accept(envelope)),
  );
  for (const answer of answers) {
    assert.ok(answer.status === "rejected" && answer.reason instanceof StoreUnavailableError);
    assert.match(answer.reason.message, /^Cannot use the database: .*full/);
  }
  assert.equal(await envelopes.get("small"), undefined);
  assert.equal(await envelopes.accept(small), "stored");
  db.close();
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a database that another program holds locked rejects within a second, and takes the same when it is free (C1)", async () => {
  await using store = await openTemporaryStore();
  const other = new DatabaseSync(store.path);
  other.exec("BEGIN IMMEDIATE");
  const startedAt = performance.now();
  await assert.rejects(store.one.envelopes.accept(makeEnvelope()), StoreUnavailableError);
  assert.ok(performance.now() - startedAt < 1_500);
  other.exec("ROLLBACK");
  other.close();
  assert.equal(await store.one.envelopes.accept(makeEnvelope()), "stored");
});

Deno.test("disposing the store commits what is being accepted (C1)", async () => {
  await using store = await openTemporaryStore();
  const accepted = store.one.envelopes.accept(makeEnvelope());
  await store.one[Symbol.asyncDispose]();
  assert.equal(await accepted, "stored");
  assert.equal((await store.two.envelopes.get("e1"))?.state, "new");
});

Deno.test("conversations.erase() leaves no word of the contact in the files (C30)", async () => {
  await using store = await openTemporaryStore();
  const messages = Array.from({ length: 50 }, (_, n) => makeMessage({ mid: `m${n}`, text: `kanarienvogel${n}` }));
  await save(store.one, { contact: { name: "Kanarienvogel" } }, { messages });
  await store.one.envelopes.accept(makeEnvelope({ body: '{"id":"ada","text":"kanarienvogel"}' }));
  await store.one.envelopes.finish([{ id: "e1", state: "split" }]);
  const holds = async (): Promise<boolean> => {
    const files = [store.path, `${store.path}-wal`];
    const texts = await Promise.all(
      files.map(async (file) => new TextDecoder("latin1").decode(await Deno.readFile(file))),
    );
    return texts.some((text) => /kanarienv/i.test(text));
  };
  assert.equal(await holds(), true);
  await store.one.conversations.erase("shop_ada");
  assert.equal(await holds(), false);
});
