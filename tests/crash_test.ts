/** `kill -9` on a real process, judged by the pretended Instagram's own log. */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { MocaProcess } from "@tests/support/moca_process.ts";
import { accountId, adminToken } from "@tests/support/test_moca.ts";

const appSecret = "crash-app-secret";
const rule = `
- name: hello
  match: { any: [hola] }
  reply: Answer
`;

/** Milliseconds between the 200 and the kill: before, during and after debounce, POST and record. */
const moments = [0, 20, 60, 100, 130, 160, 190, 220, 260, 320, 450];

interface Scene {
  readonly instagram: PretendInstagram;
  readonly moca: MocaProcess;
  readonly dir: string;
}

async function setUp(): Promise<Scene> {
  const dir = await Deno.makeTempDir({ prefix: "moca-crash-" });
  await Deno.mkdir(`${dir}/rules`);
  await Deno.writeTextFile(`${dir}/rules/10_hello.yaml`, rule);
  const place: { moca?: MocaProcess } = {};
  const instagram = await startInstagram({
    clock: systemClock,
    accountId,
    username: "crash.shop",
    token: "sandbox-token",
    appSecret,
    webhookUrl: () => `${place.moca?.url}/webhook`,
  });
  const moca = new MocaProcess({
    MOCA_MODE: "sandbox",
    PORT: "0",
    MOCA_DATA_DIR: `${dir}/data`,
    MOCA_RULES_DIR: `${dir}/rules`,
    MOCA_ADMIN_TOKEN: adminToken,
    META_APP_SECRET: appSecret,
    IG_GRAPH_URL: instagram.url,
    IG_ACCOUNT_ID: accountId,
    LOG_LEVEL: "error",
  });
  place.moca = moca;
  await moca.start();
  const response = await fetch(`${moca.url}/api/v1/settings`, {
    method: "PATCH",
    headers: { "x-admin-token": adminToken, "content-type": "application/json" },
    body: JSON.stringify({ debounceMs: 120, cooldownMs: 0, sendsPerSecond: 20 }),
  });
  assert.equal(response.status, 200);
  await response.body?.cancel();
  return { instagram, moca, dir };
}

async function tearDown({ instagram, moca, dir }: Scene): Promise<void> {
  await moca.kill();
  await instagram[Symbol.asyncDispose]();
  await Deno.remove(dir, { recursive: true });
}

Deno.test({
  name: "kill -9 right after the 200 and at ten other moments: every message is answered exactly once (C1, C7)",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const scene = await setUp();
    const { instagram, moca } = scene;
    instagram.fail({ fault: "slowAnswer", rate: 1, delayMs: 120 });
    const contacts = moments.map((_, index) => `300000000000000${index + 1}`);
    for (const [index, psid] of contacts.entries()) {
      const delivery = await instagram.contactSends(psid, { kind: "text", text: "hola" });
      assert.deepEqual(await delivery.offered, [200]);
      await systemClock.wait(moments[index] ?? 0);
      await moca.kill();
      await moca.start();
    }
    const isAnswered = (psid: string): boolean => instagram.applied(psid).length > 0;
    await instagram.waitFor(() => contacts.every(isAnswered), { timeoutMs: 30_000 });
    await everythingSettled(moca);
    assert.deepEqual(contacts.map((psid) => instagram.applied(psid).length), contacts.map(() => 1));
    await tearDown(scene);
  },
});

/** Waits until nothing is queued, under way or uncertain; asks Moca itself, for 20 s at most. */
async function everythingSettled(moca: MocaProcess): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const open = await Promise.all(["queued", "sending", "uncertain"].map(async (state) => {
      const headers = { "x-admin-token": adminToken };
      const response = await fetch(`${moca.url}/api/v1/outbound?state=${state}`, { headers });
      return (await response.json()).items.length as number;
    }));
    if (open.every((count) => count === 0)) return;
    assert.ok(performance.now() < giveUpAt, "items are still open after 20 s");
  }
}

Deno.test({
  name: "10,000 messages through a running process: none is lost, and memory stays below 200 MB",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const scene = await setUp();
    const { instagram, moca } = scene;
    const contacts = Array.from({ length: 100 }, (_, index) => `4000000000000${String(index).padStart(3, "0")}`);
    let highest = 0;
    for (let round = 0; round < 100; round += 1) {
      const deliveries = await Promise.all(
        contacts.map((psid) => instagram.contactSends(psid, { kind: "text", text: `n ${round}` })),
      );
      for (const delivery of deliveries) await delivery.settled;
      highest = Math.max(highest, await moca.residentBytes());
    }
    await everythingKept(moca, 10_000);
    for (const psid of contacts) assert.equal(await countRows(moca, psid), 100);
    highest = Math.max(highest, await moca.residentBytes());
    assert.ok(highest < 200 * 2 ** 20, `resident memory reached ${Math.round(highest / 2 ** 20)} MB`);
    await tearDown(scene);
  },
});

/** Waits until every message is in a history; for 60 s at most. */
async function everythingKept(moca: MocaProcess, expected: number): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const kept = await countInbound(moca);
    if (kept === expected) return;
    assert.ok(kept < expected, `${kept} messages are kept of ${expected}`);
    assert.ok(performance.now() < giveUpAt, `only ${kept} messages are kept after 60 s`);
  }
}

/** Every inbound message counts as unread until somebody looks. */
async function countInbound(moca: MocaProcess): Promise<number> {
  const headers = { "x-admin-token": adminToken };
  const response = await fetch(`${moca.url}/api/v1/conversations?limit=200`, { headers });
  const { items } = await response.json() as { items: readonly { unread: number }[] };
  return items.reduce((total, { unread }) => total + unread, 0);
}

async function countRows(moca: MocaProcess, psid: string): Promise<number> {
  const headers = { "x-admin-token": adminToken };
  const response = await fetch(`${moca.url}/api/v1/conversations/${accountId}_${psid}/messages?limit=200`, { headers });
  const { items } = await response.json() as { items: readonly { role: string }[] };
  return items.filter(({ role }) => role === "user").length;
}
