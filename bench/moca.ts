/** A whole Moca for a measurement, beside a pretended Instagram, both in this process. */
import { systemClock } from "@/clock.ts";
import { readConfig } from "@/config.ts";
import { buildMoca, type Moca } from "@/main.ts";
import { toCursor } from "@/store/cursor.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";

export const accountId = "17841400000000001";

/** The cursor of a page far down the seed's inbox. */
export const longAgo = toCursor({ at: Date.parse("2026-09-20T00:00:00Z"), id: "~" });

const adminToken = "bench-admin-token";

export interface BenchMoca extends AsyncDisposable {
  readonly url: string;
  readonly instagram: PretendInstagram;
  /** Asks as a program, or with a session's cookie as a person. */
  get(path: string, cookie?: string): Promise<string>;
  setSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** The cookie of a person who has signed in. */
  signIn(): Promise<string>;
}

/** Over a data folder, or a MongoDB when the URI is given. One rule answers everybody who says hola. */
export async function startMoca({ dataDir, mongoUri }: { dataDir: string; mongoUri?: string }): Promise<BenchMoca> {
  const rulesDir = await Deno.makeTempDir({ prefix: "moca-bench-rules-" });
  await Deno.writeTextFile(`${rulesDir}/10_hello.yaml`, "- name: hello\n  match: { any: [hola] }\n  reply: Answer\n");
  const place = { url: "" };
  const instagram = await startInstagram({
    clock: systemClock,
    accountId,
    // Message ids that a folder which was measured before has not seen.
    seed: Date.now(),
    username: "bench.shop",
    token: "sandbox-token",
    appSecret: "bench-app-secret",
    webhookUrl: () => `${place.url}/webhook`,
  });
  const moca = await buildMoca(readConfig({
    MOCA_MODE: "sandbox",
    PORT: "0",
    MOCA_DATA_DIR: dataDir,
    ...(mongoUri === undefined ? {} : { MONGODB_URI: mongoUri }),
    MOCA_RULES_DIR: rulesDir,
    MOCA_ADMIN_TOKEN: adminToken,
    // Always the same: a folder that was measured before keeps its token readable.
    MOCA_SECRET_KEY: new Uint8Array(32).fill(1).toBase64(),
    META_APP_SECRET: "bench-app-secret",
    IG_GRAPH_URL: instagram.url,
    IG_ACCOUNT_ID: accountId,
  }));
  place.url = moca.url;
  moca.work();
  return {
    url: moca.url,
    instagram,
    ...clientOf(moca),
    async [Symbol.asyncDispose](): Promise<void> {
      await moca.stop();
      await instagram[Symbol.asyncDispose]();
      await Deno.remove(rulesDir, { recursive: true });
    },
  };
}

function clientOf({ url }: Moca): Pick<BenchMoca, "get" | "setSettings" | "signIn"> {
  const ask = async (path: string, init: RequestInit, wanted: number): Promise<Response> => {
    const response = await fetch(`${url}${path}`, { redirect: "manual", ...init });
    if (response.status === wanted) return response;
    throw new Error(`Cannot measure: ${path} answered ${response.status}, wants ${wanted}`);
  };
  return {
    get: async (path, cookie) => {
      const headers: Record<string, string> = cookie === undefined ? { "x-admin-token": adminToken } : { cookie };
      return await (await ask(path, { headers }, 200)).text();
    },
    setSettings: async (settings) => {
      const headers = { "x-admin-token": adminToken, "content-type": "application/json" };
      const init = { method: "PATCH", headers, body: JSON.stringify(settings) };
      await (await ask("/api/v1/settings", init, 200)).body?.cancel();
    },
    signIn: async () => {
      const headers = { origin: url, "sec-fetch-site": "same-origin" };
      const body = new URLSearchParams({ token: adminToken });
      const response = await ask("/admin/login", { method: "POST", headers, body }, 303);
      await response.body?.cancel();
      return (response.headers.get("set-cookie") ?? "").split(";")[0];
    },
  };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}
