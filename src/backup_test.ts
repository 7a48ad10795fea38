import assert from "node:assert/strict";
import { backUpDataDir, listBackups } from "@/backup.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");

async function dataDirInUse(): Promise<{ dir: string } & AsyncDisposable> {
  const store = await openTemporaryStore();
  const dir = await Deno.makeTempDir({ prefix: "moca-backup-" });
  await Deno.symlink(store.path, `${dir}/moca.db`);
  return {
    dir,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

Deno.test("backUpDataDir() keeps the newest 24 copies and touches no other file", async () => {
  await using data = await dataDirInUse();
  await Deno.mkdir(`${data.dir}/backups`);
  await Deno.writeTextFile(`${data.dir}/backups/moca-before-upgrade.db`, "mine");
  for (let minute = 0; minute < 26; minute++) await backUpDataDir(data.dir, new Date(noon + minute * 60_000));
  const copies = await listBackups(data.dir);
  assert.equal(copies.length, 24);
  assert.equal(copies[0], "moca-2026-11-24T12-02-00-000Z.db");
  assert.equal(copies.at(-1), "moca-2026-11-24T12-25-00-000Z.db");
  assert.equal(await Deno.readTextFile(`${data.dir}/backups/moca-before-upgrade.db`), "mine");
});

Deno.test("backUpDataDir() makes copies that only their owner reads", async () => {
  await using data = await dataDirInUse();
  const { path, copies } = await backUpDataDir(data.dir, new Date(noon));
  assert.equal(copies, 1);
  assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assert.equal(((await Deno.stat(`${data.dir}/backups`)).mode ?? 0) & 0o777, 0o700);
});

Deno.test("backUpDataDir() says where it looked when there is no database", async () => {
  await assert.rejects(
    backUpDataDir("/nowhere", new Date(noon)),
    /Cannot back up "\/nowhere\/moca\.db": it is not there/,
  );
});
