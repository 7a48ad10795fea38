/** How late a POST is while a thousand conversations have something to do. */
import { join } from "node:path";
import { systemClock } from "@/clock.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { DueFigures } from "./due_to_post.ts";
import { accountId, quantile, startMoca } from "./moca.ts";
import { psidOf, queueAnswer, write } from "./queue.ts";

const measured = 300;
/** Of these one half waits for its turn, the other has an answer queued for later. */
const busy = 1_000;

/** From one due turn to the next: half of the highest pace, so that no text waits for another's slot. */
const everyMs = 100;
const leadMs = 8_000;
const laterMs = 600_000;

/** Milliseconds from when a turn is due to the arrival of its POST, rules deciding. */
export async function measureBusy(): Promise<DueFigures> {
  const dataDir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  // The first start makes the account.
  {
    await using moca = await startMoca({ dataDir });
    await moca.setSettings({ cooldownMs: 0, sendsPerSecond: 20 });
  }
  const store = await openSqliteStore({ path: join(dataDir, "moca.db"), clock: systemClock });
  await fill(async (psid, index) => {
    const later = new Date(Date.now() + laterMs);
    if (index % 2 === 0) await write(store, { accountId, psid, dueAt: later });
    else await queueAnswer(store, { accountId, psid, notBefore: later });
  });
  const firstAt = Date.now() + leadMs;
  const dueAt = (index: number): number => firstAt + index * everyMs;
  for (let n = 0; n < measured; n += 1) {
    await write(store, { accountId, psid: psidOf(n), dueAt: new Date(dueAt(n)) });
  }
  await store[Symbol.asyncDispose]();
  await using moca = await startMoca({ dataDir });
  const timeoutMs = leadMs + measured * everyMs + 60_000;
  const posts = await moca.instagram.waitFor((log) => {
    const sends = log.filter(({ event, call }) => event === "request" && call === "send");
    return sends.length >= measured && sends;
  }, { timeoutMs });
  const late = Array.from({ length: measured }, (_, n) => {
    const post = posts.find(({ psid }) => psid === psidOf(n));
    return post === undefined ? NaN : post.at.getTime() - dueAt(n);
  });
  return { median: quantile(late, 0.5), p95: quantile(late, 0.95) };
}

async function fill(add: (psid: string, index: number) => Promise<void>): Promise<void> {
  for (let n = 0; n < busy; n += 1) await add(psidOf(measured + n), n);
}
