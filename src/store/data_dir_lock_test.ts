import assert from "node:assert/strict";
import { DataDirError, lockDataDir } from "@/store/data_dir_lock.ts";

const holder = `
  import { lockDataDir } from "${import.meta.resolve("@/store/data_dir_lock.ts")}";
  const lock = await lockDataDir(Deno.args[0]);
  await Deno.stdout.write(new TextEncoder().encode("held"));
  await Deno.stdin.read(new Uint8Array(1));
  await lock[Symbol.asyncDispose]();
`;

/** Another process that holds the lock, until it is killed or its input ends. */
async function startHolder(dir: string): Promise<Deno.ChildProcess> {
  const script = `${dir}/holder.ts`;
  await Deno.writeTextFile(script, holder);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, script, dir],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const said = await reader.read();
  assert.equal(new TextDecoder().decode(said.value), "held");
  await reader.cancel();
  return child;
}

Deno.test("lockDataDir() keeps a second process out, and lets it in after kill -9", async () => {
  const dir = await Deno.makeTempDir();
  const child = await startHolder(dir);
  await assert.rejects(lockDataDir(dir), (error: Error) => {
    assert.ok(error instanceof DataDirError);
    assert.equal(
      error.message,
      `Cannot use data directory "${dir}": another Moca runs on it, wants one process or MONGODB_URI`,
    );
    return true;
  });
  child.kill("SIGKILL");
  await child.status;
  await child.stdin.close().catch(() => {});
  await (await lockDataDir(dir))[Symbol.asyncDispose]();
  await Deno.remove(dir, { recursive: true });
});

Deno.test("lockDataDir() is free again once disposed, and may be disposed twice", async () => {
  const dir = await Deno.makeTempDir();
  const lock = await lockDataDir(`${dir}/new/data`);
  await assert.rejects(lockDataDir(`${dir}/new/data`), DataDirError);
  await lock[Symbol.asyncDispose]();
  await lock[Symbol.asyncDispose]();
  await using _again = await lockDataDir(`${dir}/new/data`);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("lockDataDir() says so when the directory cannot be made", async () => {
  const file = await Deno.makeTempFile();
  await assert.rejects(lockDataDir(`${file}/data`), /Cannot use data directory ".*": it cannot be written/);
  await Deno.remove(file);
});
