/** The sandbox as `deno task dev` starts it, with its own pretended Instagram. */
import assert from "node:assert/strict";
import { readConfig } from "@/config.ts";
import { buildMoca, type Moca } from "@/main.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

const adminToken = "test-admin-token-0123456789";
const headers = { "x-admin-token": adminToken, "content-type": "application/json" };

const environment = { PORT: "0", MOCA_RULES_DIR: "./rules", MOCA_ADMIN_TOKEN: adminToken };

async function startSandbox(dataDir: string, clock: ManualClock): Promise<Moca> {
  const config = readConfig({ ...environment, MOCA_MODE: "sandbox", MOCA_DATA_DIR: dataDir });
  return await buildMoca(config, { clock });
}

async function startLive(dataDir: string): Promise<Moca> {
  const secrets = {
    MOCA_SECRET_KEY: new Uint8Array(32).fill(1).toBase64(),
    META_APP_SECRET: "app-secret",
    META_VERIFY_TOKEN: "verify",
    IG_ACCOUNT_ID: "17841400000000002",
    IG_ACCESS_TOKEN: "token",
  };
  return await buildMoca(readConfig({ ...environment, ...secrets, MOCA_DATA_DIR: dataDir }));
}

/** Writes as a customer of the simulator, whose webhook comes when it comes; answers what the conversation holds then. */
async function writeAs(moca: Moca, psid: string, text: string): Promise<readonly string[]> {
  const body = JSON.stringify({ psid, texts: [text] });
  const written = await fetch(`${moca.url}/api/v1/simulator/messages`, { method: "POST", headers, body });
  assert.equal(written.status, 202, await written.text());
  let texts = await textsOf(moca, psid);
  for (let look = 0; look < 100 && !texts.includes(text); look++) {
    for (const worker of moca.workers) await worker.drain();
    texts = await textsOf(moca, psid);
  }
  return texts;
}

async function textsOf(moca: Moca, psid: string): Promise<readonly string[]> {
  const path = `${moca.url}/api/v1/conversations/17841400000000001_${psid}/messages`;
  const { items = [] } = await (await fetch(path, { headers })).json();
  return items.map((message: { text: string }) => message.text);
}

Deno.test("what is written in the simulator after a restart is no duplicate of what was written before", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "moca-sandbox-" });
  const clock = ManualClock.jumping(undefined, { upToMs: 5_000 });
  const before = await startSandbox(dataDir, clock);
  assert.deepEqual(await writeAs(before, "9001", "hola"), ["hola"]);
  await before.stop();
  clock.advance(1_000);
  const after = await startSandbox(dataDir, clock);
  assert.deepEqual(await writeAs(after, "9001", "¿hay alguien?"), ["hola", "¿hay alguien?"]);
  await after.stop();
  await Deno.remove(dataDir, { recursive: true });
});

async function moveOn(moca: Moca, ms: number): Promise<void> {
  const body = JSON.stringify({ ms });
  const moved = await fetch(`${moca.url}/api/v1/simulator/clock`, { method: "POST", headers, body });
  assert.equal(moved.status, 200, await moved.text());
}

Deno.test("moving the sandbox's time on lets a burst be answered at once, and a window close", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "moca-sandbox-" });
  const moca = await startSandbox(dataDir, new ManualClock());
  assert.deepEqual(await writeAs(moca, "9001", "hola"), ["hola"]);
  await moveOn(moca, 10_000);
  for (const worker of moca.workers) await worker.drain();
  assert.equal((await textsOf(moca, "9001")).length, 2);
  await moveOn(moca, 24 * 3_600_000);
  const path = `${moca.url}/api/v1/conversations/17841400000000001_9001/messages`;
  const body = JSON.stringify({ text: "still there?", commandId: crypto.randomUUID() });
  const late = await fetch(path, { method: "POST", headers, body });
  assert.equal(late.status, 409, await late.text());
  await moca.stop();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("a live Moca and a sandbox on one data folder see nothing of each other, and never open the other's", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "moca-sandbox-" });
  const sandbox = await startSandbox(dataDir, new ManualClock());
  assert.deepEqual(await writeAs(sandbox, "9001", "hola"), ["hola"]);
  await sandbox.stop();
  const live = await startLive(dataDir);
  const { total } = await (await fetch(`${live.url}/api/v1/conversations`, { headers })).json();
  assert.equal(total, 0);
  await live.stop();
  await assert.rejects(startLive(`${dataDir}/sandbox`), /holds a sandbox's conversations/);
  await Deno.mkdir(`${dataDir}/other/sandbox`, { recursive: true });
  await Deno.copyFile(`${dataDir}/moca.db`, `${dataDir}/other/sandbox/moca.db`);
  await assert.rejects(startSandbox(`${dataDir}/other`, new ManualClock()), /holds a live Moca's conversations/);
  await Deno.remove(dataDir, { recursive: true });
});
