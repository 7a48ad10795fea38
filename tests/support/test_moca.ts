import assert from "node:assert/strict";
import type { Clock } from "@/clock.ts";
import { type Config, readConfig } from "@/config.ts";
import { buildMoca, type Moca } from "@/main.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

export const accountId = "17841400000000001";
export const adminToken = "test-admin-token-0123456789";

export interface TestMocaOptions {
  /** The account's settings where they differ from the defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the rule files; the shipped chain when absent. */
  readonly rulesDir?: string;
  /** Instead of the clock that the test moves. */
  readonly clock?: Clock;
}

/** The JSON of an API answer; tests read it by path. */
// deno-lint-ignore no-explicit-any
export type Json = any;

/**
 * The whole of Moca over HTTP, with a pretended Instagram as its outside world and a clock that the test
 * moves. Nothing happens by itself: `settle` does what is due now, `pass` moves time on and does what falls due.
 */
export class TestMoca implements AsyncDisposable {
  private constructor(
    readonly moca: Moca,
    readonly instagram: PretendInstagram,
    /** Moved by the test; stands for itself when another clock was given. */
    readonly clock: ManualClock,
    readonly dataDir: string,
  ) {}

  static async start(options: TestMocaOptions = {}): Promise<TestMoca> {
    const manual = ManualClock.jumping(undefined, { upToMs: 5_000 });
    const clock = options.clock ?? manual;
    const dataDir = await Deno.makeTempDir({ prefix: "moca-test-" });
    const place = { url: "" };
    const instagram = await startInstagram({
      clock,
      accountId,
      username: "test.shop",
      token: "sandbox-token",
      appSecret: "test-app-secret",
      webhookUrl: () => `${place.url}/webhook`,
    });
    const moca = await buildMoca(testConfig(instagram.url, dataDir, options), {
      clock,
      timeSource: "clock",
      readPace: { limit: 1_000, intervalMs: 1 },
    });
    place.url = moca.url;
    const test = new TestMoca(moca, instagram, manual, dataDir);
    if (options.settings !== undefined) await test.changeSettings(options.settings);
    return test;
  }

  /** Does everything that is due now, until nothing is. */
  async settle(): Promise<void> {
    for (;;) {
      let done = 0;
      for (const worker of this.moca.workers) done += await worker.drain();
      if (done === 0) return;
    }
  }

  /** Lets time pass, in steps small enough to meet everything that falls due on the way. */
  async pass(ms: number, stepMs = 250): Promise<void> {
    await this.settle();
    const end = this.clock.now().getTime() + ms;
    while (this.clock.now().getTime() < end) {
      this.clock.advance(Math.min(stepMs, end - this.clock.now().getTime()));
      await this.settle();
    }
  }

  /** Asks the API; the answer's JSON. */
  async get(path: string): Promise<Json> {
    const response = await fetch(`${this.moca.url}/api/v1${path}`, { headers: { "x-admin-token": adminToken } });
    assert.equal(response.status, 200, `GET ${path}`);
    return await response.json();
  }

  async send(method: string, path: string, body: unknown): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${this.moca.url}/api/v1${path}`, {
      method,
      headers: { "x-admin-token": adminToken, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** What `/metrics` tells. */
  async metrics(): Promise<string> {
    const response = await fetch(`${this.moca.url}/metrics`, { headers: { "x-admin-token": adminToken } });
    assert.equal(response.status, 200);
    return await response.text();
  }

  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { status, body } = await this.send("PATCH", "/settings", settings);
    assert.equal(status, 200, JSON.stringify(body));
  }

  /** The texts that reached a contact, in order, by Instagram's own log. */
  delivered(psid: string): readonly string[] {
    return this.instagram.applied(psid).map(({ text }) => text);
  }

  conversation(psid: string): string {
    return `${accountId}_${psid}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.moca.stop();
    await this.instagram[Symbol.asyncDispose]();
    await Deno.remove(this.dataDir, { recursive: true });
  }
}

function testConfig(graphUrl: string, dataDir: string, { env = {}, rulesDir = "./rules" }: TestMocaOptions): Config {
  return readConfig({
    MOCA_MODE: "sandbox",
    PORT: "0",
    MOCA_DATA_DIR: dataDir,
    MOCA_RULES_DIR: rulesDir,
    MOCA_ADMIN_TOKEN: adminToken,
    META_APP_SECRET: "test-app-secret",
    IG_GRAPH_URL: graphUrl,
    IG_ACCOUNT_ID: accountId,
    ...env,
  });
}
