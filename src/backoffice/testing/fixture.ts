/** A back office on a real store in a temporary folder, for tests. */
import { join } from "node:path";
import { Hono } from "hono";
import { ManualClock } from "@tests/support/manual_clock.ts";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { backofficeRoutes } from "@/backoffice/backoffice.ts";
import type { BackofficeDeps, SimulatorPort } from "@/backoffice/deps.ts";
import { makeOperatorActions } from "@/backoffice/operator_actions.ts";
import { makeNoModelAgent } from "@/agent/no_model_agent.ts";
import { runChain } from "@/rules/chain.ts";
import { pass } from "@/rules/contract.ts";
import { RewindJobs } from "@/rules/rewind/rewind_jobs.ts";
import type { WithFile } from "@/rules/rule_book.ts";
import { type FileState, makeRuleSet, type RuleSet } from "@/rules/rule_set.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";
import { CaseJobs } from "@/simulator/cases/case_jobs.ts";
import { CaseRunner } from "@/simulator/cases/case_runner.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";

export const adminToken = "correct-horse-battery-staple";
export const origin = "http://moca.test";

export interface Fixture extends AsyncDisposable {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly deps: BackofficeDeps;
  readonly app: Hono;
  /** Times that the outbound queue was told to look. */
  wakes(): number;
}

export interface FixtureOptions {
  readonly config?: Partial<Config>;
  readonly simulator?: SimulatorPort;
  /** The rules that are live. Default: those with a broken file. */
  readonly rules?: () => RuleSet;
  /** Default: a stream that ends at once. */
  readonly live?: BackofficeDeps["live"];
  /** Default: one that moves on by itself when somebody waits. */
  readonly clock?: ManualClock;
}

export async function openFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const { clock = ManualClock.jumping() } = options;
  const folder = await Deno.makeTempDir({ prefix: "moca-backoffice-" });
  const store = await openSqliteStore({ path: join(folder, "moca.db"), clock });
  let wakes = 0;
  const wake = (): void => {
    wakes += 1;
  };
  const deps = makeDeps({ ...options, store, clock, wake });
  const app = new Hono();
  app.route("/admin", backofficeRoutes(deps));
  return {
    store,
    clock,
    deps,
    app,
    wakes: () => wakes,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function makeDeps(
  {
    store,
    clock,
    wake,
    config,
    simulator,
    rules: current = () => brokenSet,
    live = (c) => Promise.resolve(c.body(null, 204)),
  }: FixtureOptions & {
    store: Store;
    clock: Clock;
    wake: () => void;
  },
): BackofficeDeps {
  const rules = { state: () => current().state, current, reload: () => Promise.resolve(current().state) };
  const withFile = (): WithFile => ({ kind: "good", set: current() });
  const sealer = { seal: (text: string, boundTo: string) => Promise.resolve(`sealed:${boundTo}:${text.length}`) };
  return {
    config: { ...testConfig, ...config },
    store,
    clock,
    rules,
    rewinds: new RewindJobs({ store, clock, agent: makeNoModelAgent(), rules: { ...rules, withFile } }),
    sealer,
    wake,
    actions: makeOperatorActions({ store, clock, wake, sealer }),
    live,
    simulator,
    cases: simulator && new CaseJobs(
      new CaseRunner({
        store,
        rules: { run: (turn) => runChain({ version: current().state.version, rules: current().rules }, turn, clock) },
        agent: makeNoModelAgent(),
        openStore: (at) => openSqliteStore({ path: ":memory:", clock: at }),
      }),
      () => current().state.version,
    ),
  };
}

const testConfig: Config = {
  mode: "sandbox",
  host: "127.0.0.1",
  port: 0,
  dataDir: "unused",
  rulesDir: "unused",
  adminToken,
  secretKey: new Uint8Array(32),
  appSecrets: [],
  verifyToken: "unused",
  graph: { url: "http://127.0.0.1:1", version: "v25.0" },
  simulated: true,
  logLevel: "error",
};

const keywords = `name: prices
description: Answers what things cost
match: { any: [price, cost] }
reply: "From $20."
`;

const loadedAt = new Date("2026-11-24T11:40:00Z");

const files: readonly FileState[] = [
  codeFile("10_dedup.ts", "dedup", "Says nothing to a text that was just answered"),
  codeFile("20_takeover.ts", "takeover", "Says nothing while a person has the conversation"),
  yamlFile("70_keywords.yaml", keywords),
];

const brokenFile: FileState = {
  name: "80_promo.yaml",
  faults: [{
    line: 12,
    column: 3,
    reason: 'Cannot load rule "80_promo.yaml": does not know "replay"',
  }],
  brokenSince: new Date("2026-11-24T11:30:00Z"),
};

/** Rules with nothing wrong, and the same with a file that cannot be loaded. */
export const wholeSet: RuleSet = makeRuleSet(files, loadedAt, []);
export const brokenSet: RuleSet = makeRuleSet([...files, brokenFile], loadedAt, []);

function codeFile(name: string, rule: string, description: string): FileState {
  const rules = [{ rule: { name: rule, description, apply: () => pass() }, kind: "code" as const }];
  return { name, faults: [], good: { hash: rule.padEnd(12, "0"), rules, loadedAt } };
}

function yamlFile(name: string, text: string): FileState {
  const content = loadYamlRules(name, text);
  if (content.kind === "broken") throw new Error(content.faults[0].reason);
  return { name, faults: [], good: { hash: "a1".repeat(12), rules: content.rules, loadedAt } };
}

/** A browser as far as the server sees one: keeps its cookie, sends what browsers send. */
export class Visitor {
  readonly #app: Hono;
  readonly #cookies = new Map<string, string>();
  csrf = "";

  constructor(app: Hono) {
    this.#app = app;
  }

  get cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  set cookies(text: string) {
    this.#cookies.clear();
    for (const pair of text.split("; ")) {
      const [name = "", value = ""] = pair.split("=");
      this.#cookies.set(name, value);
    }
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return await this.#request(path, { headers });
  }

  /** Sends a form as a page of the site would, with the token unless `form` has one. */
  async post(path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
    return await this.send(path, new URLSearchParams({ _csrf: this.csrf, ...form }), headers);
  }

  /** Sends a form whose fields may stand in it more than once. */
  async send(path: string, body: URLSearchParams, headers: Record<string, string> = {}): Promise<Response> {
    const own = { origin, host: new URL(origin).host, "sec-fetch-site": "same-origin" };
    return await this.#request(path, { method: "POST", body, headers: { ...own, ...headers } });
  }

  async signIn(form: Record<string, string> = {}): Promise<Response> {
    const response = await this.post("/admin/login", { token: adminToken, ...form });
    const page = await (await this.get("/admin/rules")).text();
    this.csrf = page.match(/name="_csrf" value="([^"]+)"/)?.[1] ?? "";
    return response;
  }

  async #request(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const headers = { ...(this.cookies === "" ? {} : { cookie: this.cookies }), ...init.headers };
    const response = await this.#app.request(`${origin}${path}`, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [pair = ""] = line.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    if (/max-age=0/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(name.length + 1));
  }
}
