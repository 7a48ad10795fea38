/** Puts cases to the rules and the agent, as a live turn would, without any store or Instagram behind them. */
import type { Agent } from "@/agent/agent.ts";
import { languageOf } from "@/agent/language.ts";
import { systemClock } from "@/clock.ts";
import { newAggregate } from "@/conversation/aggregate.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { type Burst, decide, type DecideDeps, type Draft } from "@/debounce/decide.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { type Account, conversationId, type Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { Business, EvalCase, Said } from "./cases.ts";
import { type Happened, problemsOf } from "./check.ts";

const accountId = "17841400000000001";
const psid = "990000000000001";

/** A Tuesday noon in Mexico City, when the bakery is open. */
const now = new Date("2026-11-24T18:00:00Z");

export interface CaseResult {
  readonly group: string;
  readonly name: string;
  readonly says: readonly string[];
  readonly problems: readonly string[];
  readonly happened: Happened;
  readonly tokens: number;
  readonly ms: number;
}

export interface RunOptions {
  readonly business: Business;
  readonly rules: RuleBook;
  readonly agent: Agent;
}

/** Runs the cases, one after the other; tells of each when it is done. */
export async function runCases(
  cases: readonly EvalCase[],
  options: RunOptions,
  onDone: (result: CaseResult) => void = () => {},
): Promise<readonly CaseResult[]> {
  const dir = await Deno.makeTempDir({ prefix: "moca-eval-" });
  const results: CaseResult[] = [];
  {
    await using store = await openSqliteStore({ path: `${dir}/eval.db`, clock: systemClock });
    await writeDocuments(store, options.business);
    for (const one of cases) {
      const result = await runCase(one, options, store);
      results.push(result);
      onDone(result);
    }
  }
  await Deno.remove(dir, { recursive: true });
  return results;
}

async function writeDocuments(store: Store, { documents }: Business): Promise<void> {
  const stamps = { accountId, ver: 0, createdAt: now, updatedAt: now, updatedBy: "eval" };
  for (const [index, document] of documents.entries()) {
    await store.knowledge.put({ id: `d${index}`, ...document, ...stamps }, 0);
  }
}

async function runCase(one: EvalCase, { business, rules, agent }: RunOptions, store: Store): Promise<CaseResult> {
  const history = one.before.map((said, index) => historyRow(said, index - one.before.length));
  const messages = one.says.map((text, index) => messageRow(`msg:${index}`, { text, at: secondsLater(index) }));
  const deps: DecideDeps = { store: withHistory(store, history), rules, agent, retryDelayMs: () => 0 };
  const started = performance.now();
  const outcome = await decide(burstOf(business, messages), deps, new AbortController().signal);
  const happened = whatHappened(outcome.kind === "decided" ? outcome.draft : undefined, outcome.kind);
  const trace = outcome.kind === "decided" ? outcome.draft.agent : undefined;
  return {
    group: one.group,
    name: one.name,
    says: one.says,
    problems: problemsOf(one.expect, happened),
    happened,
    tokens: (trace?.inputTokens ?? 0) + (trace?.outputTokens ?? 0),
    ms: Math.round(performance.now() - started),
  };
}

/** The store with a history that was never written. */
function withHistory(store: Store, history: readonly Message[]): DecideDeps["store"] {
  const page = (): Promise<{ items: readonly Message[] }> => Promise.resolve({ items: history });
  const messages = new Proxy(store.messages, {
    get: (target, name) => name === "page" ? page : Reflect.get(target, name).bind(target),
  });
  return { messages, turns: store.turns, knowledge: store.knowledge };
}

function burstOf({ username, settings }: Business, messages: readonly Message[]): Burst {
  const fresh = newAggregate({ accountId, psid }, now);
  const windowClosesAt = secondsLater(24 * 3_600);
  const aggregate = { ...fresh, conversation: { ...fresh.conversation, lastUserAt: now, windowClosesAt } };
  const stamps = { ver: 1, createdAt: now, updatedAt: now };
  const account: Account = { id: accountId, username, state: "active", settings, ...stamps };
  return { account, aggregate, messages, settings: resolveSettings(settings), now: secondsLater(10) };
}

function whatHappened(draft: Draft | undefined, kind: string): Happened {
  const decision = draft?.decision;
  const texts = decision?.kind === "reply" ? decision.texts : [];
  const language = languageOf(texts.join("\n"));
  return {
    outcome: decision?.kind ?? kind,
    reason: decision?.reason ?? "the model gave nothing usable",
    by: decision?.by ?? "core",
    texts,
    facts: Object.fromEntries((draft?.facts ?? []).map(({ field, value }) => [field, value])),
    tools: draft?.agent?.tools.map(({ name }) => name) ?? [],
    optOut: draft?.optOut ?? false,
    ...(language === undefined ? {} : { language }),
  };
}

function historyRow(said: Said, index: number): Message {
  const at = secondsLater(index * 60);
  if ("contact" in said) return messageRow(`before:${index}`, { text: said.contact, at });
  const turnId = `t${index}`;
  if ("bot" in said) {
    return messageRow(`before:${index}`, { text: said.bot, at, role: "assistant", author: "bot", turnId });
  }
  return messageRow(`before:${index}`, { text: said.team, at, role: "assistant", author: "operator", operator: "eva" });
}

function messageRow(id: string, patch: Partial<Message> & { readonly at: Date }): Message {
  return {
    id: `${accountId}:${id}`,
    accountId,
    conversationId: conversationId(accountId, psid),
    role: "user",
    author: "contact",
    kind: "text",
    attachments: [],
    standby: false,
    test: false,
    receivedAt: patch.at,
    source: "webhook",
    ...patch,
  };
}

function secondsLater(seconds: number): Date {
  return new Date(now.getTime() + seconds * 1_000);
}
