import assert from "node:assert/strict";
import { makeNoModelAgent } from "@/agent/no_model_agent.ts";
import { systemClock } from "@/clock.ts";
import type { AgentRequest } from "@/agent/agent.ts";
import { emptyTrace } from "@/agent/empty_trace.ts";
import { RewindJobs, type RewindJobsDeps, type RewindState } from "@/rules/rewind/rewind_jobs.ts";
import { makeRuleSet, type RuleSet } from "@/rules/rule_set.ts";
import { openTestBook } from "@/rules/testing/test_book.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";
import { openMongoStore } from "@/store/mongodb/mongodb_store.ts";
import { withDatabase } from "@/store/mongodb/testing/temporary_mongo.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { withMongo } from "@tests/support/mongo_server.ts";
import { pastAccount, writePast } from "@tests/support/past_turns.ts";

const before = `- name: prices
  match: { any: [price, cost] }
  reply: { oneOf: ["From $20.", "It begins at $20."] }
- name: hours
  match: { any: [open] }
  reply: We open at 9.
`;
const after = before.replace("[price, cost]", "[price, cost, how much]").replace("at 9", "at 10");

const said = ["what is the price", "how much is it", "are you open", "hello there", "the cost please", "nice photo"];

function setOf(text: string): RuleSet {
  const content = loadYamlRules("70_keywords.yaml", text);
  if (content.kind === "broken") assert.fail(content.faults[0].reason);
  const file = {
    name: "70_keywords.yaml",
    faults: [],
    good: { hash: text, rules: content.rules, loadedAt: new Date(0) },
  };
  return makeRuleSet([file], new Date(), []);
}

interface World extends AsyncDisposable {
  readonly store: Store;
  rewinds(deps?: Partial<RewindJobsDeps>): RewindJobs;
}

async function openWorld(conversations: readonly (readonly string[])[]): Promise<World> {
  const folder = await Deno.makeTempDir({ prefix: "moca-rewind-" });
  const store = await openSqliteStore({ path: `${folder}/moca.db`, clock: systemClock });
  const world = await fillWorld(store, conversations);
  return {
    ...world,
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function fillWorld(store: Store, conversations: readonly (readonly string[])[]): Promise<World> {
  const now = store.now();
  const account = { id: pastAccount, state: "active", settings: {}, ver: 0, createdAt: now, updatedAt: now } as const;
  await store.accounts.put(account, 0);
  const from = new Date(now.getTime() - 20 * 24 * 3_600_000);
  await writePast(store, { set: setOf(before), conversations, from });
  const book = await openTestBook({ "70_keywords.yaml": before });
  const jobs = new AsyncDisposableStack();
  return {
    store,
    rewinds: (deps) =>
      jobs.use(new RewindJobs({ store, clock: systemClock, agent: makeNoModelAgent(), rules: book.book, ...deps })),
    [Symbol.asyncDispose]: async () => {
      await jobs.disposeAsync();
      await book[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function run(rewinds: RewindJobs, text: string, tokenBudget = 0): Promise<RewindState> {
  const file = { name: "70_keywords.yaml", text };
  const outcome = await rewinds.start({ days: 30, file, tokenBudget });
  if (outcome.kind !== "started") assert.fail(outcome.kind);
  await rewinds.ended(outcome.id);
  const state = rewinds.get(outcome.id);
  if (state === undefined) assert.fail("it is forgotten");
  return state;
}

Deno.test("a rewind over 10,000 turns shows exactly those that a changed keyword changes, within 10 s", async () => {
  const conversations = Array.from({ length: 2_000 }, (_, n) => Array.from({ length: 5 }, (_, m) => said[(n + m) % 6]));
  await using world = await openWorld(conversations);
  const rewinds = world.rewinds();
  const startedAt = performance.now();
  const state = await run(rewinds, after);
  const tookMs = performance.now() - startedAt;
  const expected = conversations.flat().filter((text) => /how much|open/.test(text)).length;
  assert.deepEqual([state.state, state.turns, state.skipped, state.changed], ["done", 10_000, 0, expected]);
  assert.deepEqual(state.kinds, { "pass>reply": expected / 2, "reply>reply": expected / 2 });
  const changes = rewinds.changes(state.id, { offset: 0, limit: 10_000 });
  const turns = await world.store.turns.byIds(changes.map(({ turnId }) => turnId));
  const messages = await world.store.messages.byIds(turns.flatMap(({ messageIds }) => messageIds));
  assert.deepEqual(new Set(messages.map(({ text }) => text)), new Set(["how much is it", "are you open"]));
  assert.ok(tookMs < 10_000, `took ${Math.round(tookMs)} ms`);
});

Deno.test("a rewind with the rules as they were shows no turn at all, and writes nothing", async () => {
  await using world = await openWorld([said, said.toReversed(), [...said, ...said]]);
  const audit = await world.store.audit.list({ limit: 10 });
  const state = await run(world.rewinds(), before);
  assert.deepEqual([state.turns, state.changed, state.same], [24, 0, 24]);
  assert.deepEqual(await world.store.audit.list({ limit: 10 }), audit);
  assert.equal((await world.store.outbound.countByState()).queued, 0);
});

Deno.test("a rewind tells both verdicts, the rules that gave them and the texts", async () => {
  await using world = await openWorld([["are you open"], ["nice photo"]]);
  const rewinds = world.rewinds();
  const { id } = await run(rewinds, after.replace("name: hours", "name: opening"));
  const [{ then, now, turnId }] = rewinds.changes(id, { offset: 0, limit: 10 });
  assert.deepEqual([then, now.rule, now.texts], [{ kind: "reply", rule: "hours" }, "opening", ["We open at 10."]]);
  assert.equal(turnId, `${pastAccount}_7000_t1`);
});

Deno.test("a rewind is refused for a file that is broken, and tells where", async () => {
  await using world = await openWorld([said]);
  const outcome = await world.rewinds().start({
    days: 1,
    file: { name: "70.yaml", text: "name: a\nmatch: {}\nreply: x\n" },
  });
  assert.equal(outcome.kind === "broken" && outcome.faults[0].line, 2);
});

Deno.test("one rewind runs at a time; cancelled, it keeps what it found", async () => {
  await using world = await openWorld(Array.from({ length: 100 }, () => said));
  const rewinds = world.rewinds();
  const first = await rewinds.start({ days: 30 });
  if (first.kind !== "started") assert.fail(first.kind);
  assert.deepEqual(await rewinds.start({ days: 30 }), { kind: "busy", id: first.id });
  assert.equal(rewinds.cancel(first.id), "cancelled");
  await rewinds.ended(first.id);
  assert.equal(rewinds.get(first.id)?.state, "cancelled");
  assert.ok((rewinds.get(first.id)?.turns ?? 0) < 600);
  assert.equal(rewinds.cancel("unknown"), "unknown");
});

Deno.test("with the model, a rewind asks it for turns that rules leave to it, within the budget of tokens", async () => {
  await using world = await openWorld([["are you open"], ["are you open"], ["are you open"], ["what is the price"]]);
  const asked: AgentRequest[] = [];
  const agent = {
    decide: (request: AgentRequest) => {
      asked.push(request);
      const decision = { kind: "reply", texts: ["We do."], reason: "asked", by: "agent" } as const;
      const trace = { ...emptyTrace("puppet"), inputTokens: 60, outputTokens: 40 };
      return Promise.resolve({ kind: "decided", decision, facts: [], trace } as const);
    },
  };
  const rewinds = world.rewinds({ agent });
  const state = await run(rewinds, before.replace("any: [open]", "any: [nothing]"), 150);
  assert.deepEqual([state.changed, state.model], [3, { asked: 2, tokens: 200, budget: 150 }]);
  const [first, , third] = rewinds.changes(state.id, { offset: 0, limit: 10 });
  assert.deepEqual([first.model?.texts, third.model], [["We do."], undefined]);
  assert.deepEqual(asked[0].messages.map(({ text }) => text), ["are you open"]);
});

await withMongo(({ uri }) =>
  Deno.test("MongoDB: a rewind shows exactly the turns that a changed keyword changes", async () => {
    const database = withDatabase(uri, `moca_rewind_${crypto.randomUUID().replaceAll("-", "")}`);
    const store = await openMongoStore({ uri: database, clock: systemClock });
    await using world = await fillWorld(store, Array.from({ length: 8 }, () => said));
    const state = await run(world.rewinds(), after);
    assert.deepEqual([state.turns, state.changed, state.kinds], [48, 16, { "pass>reply": 8, "reply>reply": 8 }]);
  })
);
