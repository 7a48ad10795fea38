import { systemClock } from "@/clock.ts";
import { readConfig } from "@/config.ts";
import { buildMoca } from "@/main.ts";
import { startInstagram } from "@/simulator/instagram.ts";

const accountId = "17841400000000001";
const adminToken = "bench-admin-token";
const debounceMs = 150;
const contacts = 60;

/** Milliseconds from due to POST: at the median and at the 95th percentile. */
export interface DueFigures {
  readonly median: number;
  readonly p95: number;
}

/** Lets contacts write one after the other and measures how late each POST is after its debounce. */
export async function measureDueToPost(): Promise<DueFigures> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  await Deno.mkdir(`${dir}/rules`);
  await Deno.writeTextFile(`${dir}/rules/10_hello.yaml`, "- name: hello\n  match: { any: [hola] }\n  reply: Answer\n");
  const place = { url: "" };
  const instagram = await startInstagram({
    clock: systemClock,
    accountId,
    username: "bench.shop",
    token: "sandbox-token",
    appSecret: "bench-app-secret",
    webhookUrl: () => `${place.url}/webhook`,
  });
  const moca = await buildMoca(readConfig({
    MOCA_MODE: "sandbox",
    PORT: "0",
    MOCA_DATA_DIR: `${dir}/data`,
    MOCA_RULES_DIR: `${dir}/rules`,
    MOCA_ADMIN_TOKEN: adminToken,
    META_APP_SECRET: "bench-app-secret",
    IG_GRAPH_URL: instagram.url,
    IG_ACCOUNT_ID: accountId,
  }));
  place.url = moca.url;
  moca.work();
  await setPace(moca.url);
  const late: number[] = [];
  for (let index = 0; index < contacts; index += 1) {
    const psid = `60000000000000${String(index).padStart(2, "0")}`;
    await instagram.contactSends(psid, { kind: "text", text: "hola" });
    const dueAt = performance.now() + debounceMs;
    await instagram.waitFor((log) => log.some((entry) => entry.psid === psid && entry.applied));
    late.push(performance.now() - dueAt);
  }
  await moca.stop();
  await instagram[Symbol.asyncDispose]();
  await Deno.remove(dir, { recursive: true });
  return { median: quantile(late, 0.5), p95: quantile(late, 0.95) };
}

async function setPace(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/settings`, {
    method: "PATCH",
    headers: { "x-admin-token": adminToken, "content-type": "application/json" },
    body: JSON.stringify({ debounceMs, cooldownMs: 0, sendsPerSecond: 20 }),
  });
  if (!response.ok) throw new Error(`Cannot measure: settings answered ${response.status}, wants 200`);
  await response.body?.cancel();
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}
