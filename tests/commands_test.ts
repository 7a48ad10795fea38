/** The commands that people type, as `deno task` runs them: with the permissions of deno.json and no more. */
import assert from "node:assert/strict";
import { MocaProcess } from "@tests/support/moca_process.ts";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runTask(name: string, env: Record<string, string>): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name],
    env: { NO_COLOR: "1", MONGODB_URI: "", ...env },
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("deno task backup and doctor work beside a running Moca", async () => {
  const dir = await Deno.makeTempDir({ prefix: "moca-commands-" });
  const env = { MOCA_MODE: "sandbox", PORT: "0", MOCA_DATA_DIR: `${dir}/data` };
  const moca = new MocaProcess(env);
  await moca.start();
  const backup = await runTask("backup", { MOCA_DATA_DIR: env.MOCA_DATA_DIR });
  const doctor = await runTask("doctor", env);
  await moca.kill();
  assert.equal(backup.code, 0, backup.stderr);
  assert.match(backup.stdout, /\/data\/sandbox\/backups\/moca-\S+Z\.db: \S+ MB, checked; 1 of at most 24 kept/);
  assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr);
  assert.match(doctor.stdout, /a Moca runs on it/);
  assert.match(doctor.stdout, /No problem found\n$/);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("deno task backup says that it does not back up MongoDB", async () => {
  const { code, stdout, stderr } = await runTask("backup", { MONGODB_URI: "mongodb://moca:secret@db/moca" });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /Cannot back up: MONGODB_URI is set, so the data is in MongoDB/);
  assert.doesNotMatch(stderr, /secret/);
});

Deno.test("deno task doctor ends with 1 when there is a problem", async () => {
  const { code, stdout } = await runTask("doctor", { MOCA_MODE: "live", MOCA_ADMIN_TOKEN: "", MOCA_SECRET_KEY: "" });
  assert.equal(code, 1);
  assert.match(stdout, /problem {2}environment: MOCA_ADMIN_TOKEN is missing/);
});
