/** The API on a real store in a temporary folder, for tests. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Hono } from "hono";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type ApiDeps, apiRoutes } from "@/api/api.ts";
import { LiveFeed } from "@/api/live_feed.ts";
import { makeOperatorActions } from "@/backoffice/operator_actions.ts";
import { type Change, newAggregate, startChange } from "@/conversation/aggregate.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { beginTurn, commitTurn, type Decision } from "@/conversation/turn.ts";
import { noon, textEvent } from "@/conversation/testing.ts";
import { systemClock } from "@/clock.ts";
import { applyEvents } from "@/ingest/apply_events.ts";
import { reply } from "@/rules/contract.ts";
import { makeNoModelAgent } from "@/agent/no_model_agent.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import { RewindJobs } from "@/rules/rewind/rewind_jobs.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";
import { makeRuleSet } from "@/rules/rule_set.ts";
import type { Account } from "@/store/records.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";

export const adminToken = "correct-horse-battery-staple";
export const accountId = "17841400000000001";
export const conversation = `${accountId}_6001`;

/** A clock that says when the code under test has come to rest: when it waits. */
export class RestingClock extends ManualClock {
  #isWaiting = false;
  #atRest: (() => void)[] = [];

  override wait(ms: number, signal?: AbortSignal): Promise<void> {
    this.#isWaiting = true;
    for (const rested of this.#atRest.splice(0)) rested();
    return super.wait(ms, signal);
  }

  override advance(ms: number): void {
    this.#isWaiting = false;
    super.advance(ms);
  }

  rest(): Promise<void> {
    return this.#isWaiting ? Promise.resolve() : new Promise((resolve) => this.#atRest.push(resolve));
  }
}

export interface ApiFixture extends AsyncDisposable {
  readonly store: Store;
  readonly clock: RestingClock;
  readonly deps: ApiDeps;
  readonly api: Hono;
  /** Asks with the admin token; a body is sent as JSON. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- a test reads what it asserts, whatever its shape
  readonly json: any;
  readonly response: Response;
}

const account: Account = {
  id: accountId,
  username: "tienda",
  state: "active",
  settings: {},
  ver: 0,
  createdAt: noon,
  updatedAt: noon,
};

/** An API whose account is there and whose only rule answers `price`. */
export async function openApi(overrides: Partial<ApiDeps> = {}): Promise<ApiFixture> {
  const clock = new RestingClock(noon);
  const folder = await Deno.makeTempDir({ prefix: "moca-api-" });
  const store = await openSqliteStore({ path: join(folder, "moca.db"), clock });
  await store.accounts.put(account, 0);
  const sealer = { seal: (text: string, boundTo: string) => Promise.resolve(`sealed:${boundTo}:${text.length}`) };
  const stopping = new AbortController();
  const deps: ApiDeps = {
    config: { adminToken },
    store,
    clock,
    actions: makeOperatorActions({ store, clock, sealer, wake: () => {} }),
    rules: makeRules(),
    rewinds: makeRewinds(store, clock),
    live: new LiveFeed({ store, clock }),
    stopping: stopping.signal,
    ...overrides,
  };
  const api = apiRoutes(deps);
  return {
    store,
    clock,
    deps,
    api,
    ask: (method, path, body) => ask(api, { method, path, body }),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function makeRules(): ApiDeps["rules"] {
  const info = {
    name: "prices",
    description: "Answers what things cost",
    file: "70_keywords.yaml",
    kind: "yaml",
  } as const;
  const rule = {
    ...info,
    apply: ({ texts }: { texts: readonly string[] }) =>
      texts.includes("price") ? reply("From $20.", "asked for a price") : { kind: "pass" } as const,
  };
  const state = { version: "v1", loadedAt: noon, rules: [info], problems: [], warnings: [] };
  return { state: () => state, current: () => ({ state, rules: [rule] }) };
}

/** A pasted file stands for the whole chain. */
function makeRewinds(store: Store, clock: ManualClock): RewindJobs {
  const withFile: RuleBook["withFile"] = ({ name, text }) => {
    const content = loadYamlRules(name, text);
    if (content.kind === "broken") return content;
    return {
      kind: "good",
      set: makeRuleSet([{ name, faults: [], good: { hash: "h", rules: content.rules, loadedAt: noon } }], noon, []),
    };
  };
  return new RewindJobs({ store, clock, agent: makeNoModelAgent(), rules: { ...makeRules(), withFile } });
}

async function ask(
  api: Hono,
  { method, path, body }: { method: string; path: string; body?: unknown },
): Promise<Answer> {
  const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const response = await api.request(path, {
    method,
    headers: { "x-admin-token": adminToken, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.clone().text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, json: isJson ? JSON.parse(text) : undefined, response };
}

/** Commits what `step` makes of the contact's conversation as it is now. */
export async function live(store: Store, psid: string, step: (change: Change) => Change | undefined): Promise<void> {
  const aggregate = await store.conversations.load(`${accountId}_${psid}`) ??
    newAggregate({ accountId, psid }, store.now());
  const change = step(startChange(aggregate));
  assert.ok(change !== undefined);
  assert.equal(await store.conversations.commit(change), "committed");
}

/** Lets an event come in, as the ingest does. */
export async function hear(store: Store, event: InboundEvent): Promise<void> {
  const { kind } = await applyEvents({ store, clock: systemClock }, { events: [event], settings: defaultSettings });
  assert.equal(kind, "applied");
}

/** Decides on what the contact wrote, 4 s later. */
export async function decide({ store, clock }: ApiFixture, decision: Decision, psid = "6001"): Promise<void> {
  clock.advance(4_000);
  const now = store.now();
  await live(store, psid, (change) => beginTurn(change, { snapshotId: "s", now }));
  const aggregate = await store.conversations.load(`${accountId}_${psid}`);
  const ids = aggregate?.debounce.pending.map(({ messageId }) => messageId) ?? [];
  const messages = await store.messages.byIds(ids);
  await live(store, psid, (change) => {
    const record = { snapshotId: "s", decision, checks: [], rules: [], facts: [], tags: [], optOut: false, messages };
    const outcome = commitTurn(change, record, { settings: defaultSettings, now });
    return outcome.kind === "stale" ? undefined : outcome.change;
  });
}

/** An API in which one contact wrote `hello` at noon. */
export async function openTalkingApi(): Promise<ApiFixture> {
  const fixture = await openApi();
  await hear(fixture.store, textEvent("m1", { text: "hello" }));
  return fixture;
}
