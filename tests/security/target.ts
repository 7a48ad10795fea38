import { readConfig } from "@/config.ts";
import { buildMoca, type Moca } from "@/main.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

export const adminToken = "security-admin-token-0123456789";

/** Whoever asks, by what they bring along. */
export type Caller =
  /** Nothing at all. */
  | "nobody"
  /** A wrong admin token in the header. */
  | "wrongToken"
  /** The admin token in the header. */
  | "program"
  /** A session, its CSRF token, and a page of this site. */
  | "operator"
  /** A session of somebody who answers, likewise. */
  | "agent"
  /** A session of somebody who only reads, likewise. */
  | "viewer"
  /** A session and a wrong CSRF token. */
  | "forged"
  /** A session and its CSRF token, from a page of another site. */
  | "foreign";

export interface Session {
  readonly cookie: string;
  readonly csrf: string;
}

/** A whole Moca in the sandbox, with every route there is, on a clock that moves when somebody waits. */
export class Target implements AsyncDisposable {
  readonly #keys = new Map<string, string>();

  private constructor(readonly moca: Moca, readonly dataDir: string) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<Target> {
    const dataDir = await Deno.makeTempDir({ prefix: "moca-security-" });
    const config = readConfig({
      MOCA_MODE: "sandbox",
      PORT: "0",
      MOCA_DATA_DIR: dataDir,
      MOCA_ADMIN_TOKEN: adminToken,
      ...env,
    });
    const clock = ManualClock.jumping(undefined, { upToMs: 1_000 });
    return new Target(await buildMoca(config, { clock }), dataDir);
  }

  /** Signs in as a browser does. */
  async signIn(name = "admin", token = adminToken): Promise<Session> {
    const answer = await fetch(`${this.moca.url}/admin/login`, {
      method: "POST",
      headers: { origin: this.moca.url },
      body: new URLSearchParams({ username: name, token }),
      redirect: "manual",
    });
    await answer.body?.cancel();
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await fetch(`${this.moca.url}/admin/queue`, { headers: { cookie } });
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
    return { cookie, csrf };
  }

  /** Asks as a caller does; JSON for the API, a form for the back office. */
  async ask(method: string, path: string, caller: Caller): Promise<Response> {
    const headers = { ...await this.#credentials(caller), "content-type": contentType(path) };
    const isWrite = method !== "GET" && method !== "HEAD";
    const body = isWrite ? (path.startsWith("/api/") ? "{}" : "") : undefined;
    const response = await fetch(`${this.moca.url}${path}`, { method, headers, body, redirect: "manual" });
    if (caller === "wrongToken") await this.#forgetStrikes();
    return response;
  }

  async #credentials(caller: Caller): Promise<Record<string, string>> {
    if (caller === "nobody") return {};
    if (caller === "wrongToken") return { "x-admin-token": `${adminToken}x` };
    if (caller === "program") return { "x-admin-token": adminToken };
    const { cookie, csrf } = caller === "agent" || caller === "viewer"
      ? await this.#signInAs(caller)
      : await this.signIn();
    return {
      cookie,
      "x-csrf-token": caller === "forged" ? `${csrf}x` : csrf,
      origin: caller === "foreign" ? "https://evil.example" : this.moca.url,
    };
  }

  /** Adds a person of that role once, and signs them in anew each time. */
  async #signInAs(role: "agent" | "viewer"): Promise<Session> {
    const key = this.#keys.get(role) ?? await this.#addPerson(role);
    this.#keys.set(role, key);
    return await this.signIn(`some-${role}`, key);
  }

  async #addPerson(role: "agent" | "viewer"): Promise<string> {
    const { cookie, csrf } = await this.signIn();
    const headers = { cookie, "x-csrf-token": csrf, origin: this.moca.url };
    const body = new URLSearchParams({ name: `some-${role}`, role });
    const answer = await fetch(`${this.moca.url}/admin/people`, { method: "POST", headers, body });
    return /<code class="key">([^<]+)</.exec(await answer.text())?.[1] ?? "";
  }

  /** Wrong tokens are held back after a few: a right one makes good for it. */
  async #forgetStrikes(): Promise<void> {
    await (await this.ask("GET", "/api/v1/rules", "program")).body?.cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.moca.stop();
    await Deno.remove(this.dataDir, { recursive: true });
  }
}

function contentType(path: string): string {
  return path.startsWith("/api/") ? "application/json" : "application/x-www-form-urlencoded";
}
