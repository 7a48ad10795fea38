import { knowledgeOf } from "@/agent/knowledge.ts";
import type { Agent } from "@/agent/agent.ts";
import type { Aggregate } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { FactProposal } from "@/conversation/facts.ts";
import type { FollowUpPlan } from "@/conversation/follow_up.ts";
import { isContent } from "@/conversation/event.ts";
import { perhapsSent } from "@/conversation/perhaps_sent.ts";
import type { Settings } from "@/conversation/settings.ts";
import { type Decision, maxTurnAttempts, switchedOff, type TurnRecord } from "@/conversation/turn.ts";
import { modeFor } from "@/conversation/topics.ts";
import { checkTurn } from "@/debounce/checks.ts";
import { heardStop, stopCheck, stopDecision } from "@/debounce/heard_stop.ts";
import type { Verdict } from "@/rules/contract.ts";
import type { ChainResult, RuleBook } from "@/rules/rule_book.ts";
import { mentions } from "@/rules/words.ts";
import { makeRuleTurn, situationOf } from "@/rules/rule_turn.ts";
import type { Account, AgentTrace, Check, Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Messages before the burst that rules and agent may look at. */
const historyLength = 40;

export interface DecideDeps {
  readonly store: Pick<Store, "messages" | "turns" | "knowledge">;
  readonly rules: Pick<RuleBook, "run">;
  readonly agent: Agent;
  /** Delay before the `n`-th further try, in milliseconds; n from 1. */
  readonly retryDelayMs: (n: number) => number;
}

export interface Burst {
  readonly account: Account;
  readonly aggregate: Aggregate;
  /** The burst's rows, oldest first. */
  readonly messages: readonly Message[];
  readonly settings: Settings;
  readonly now: Date;
}

/** The decision with its reasons, all that a commit needs but the snapshot and the rows. */
export type Draft = Omit<TurnRecord, "snapshotId" | "messages" | "takenBack">;

/** `retry`: the model gave nothing usable; the same burst is tried again. `aborted`: nobody wants to know any more. */
export type DecideOutcome =
  | { readonly kind: "decided"; readonly draft: Draft }
  | { readonly kind: "retry"; readonly at: Date; readonly reason: string; readonly agent?: AgentTrace }
  | { readonly kind: "aborted" };

/** Decides on a burst: checks, then rules, then the agent. Has no effect outside. */
export async function decide(burst: Burst, deps: DecideDeps, signal: AbortSignal): Promise<DecideOutcome> {
  const { aggregate, messages, settings, now } = burst;
  const turnsThisHour = await deps.store.turns.countSince(aggregate.conversation.id, addMs(now, -3_600_000));
  const { checks, decision } = checkTurn({ aggregate, messages, settings, turnsThisHour });
  const stop = heardStop(messages, settings);
  if (decision !== undefined) {
    const heard = stop === undefined ? [] : [stopCheck(stop)];
    return decided({ decision, checks: [...checks, ...heard], optOut: stop !== undefined });
  }
  const history = await historyBefore(burst, deps.store);
  const turn = makeRuleTurn({ aggregate, messages, history, settings, now });
  const chain = await deps.rules.run(turn);
  const record = { checks, situation: situationOf(turn), topics: topicsOf(messages, settings), ...ruleRecord(chain) };
  const byRule = ruleDecision(chain);
  if (stop !== undefined && !chain.optOut) {
    return decided({ ...record, decision: stopDecision(stop, byRule), optOut: true, followUps: [] });
  }
  if (byRule !== undefined) return decided({ decision: byRule, ...record });
  return await askAgent(burst, { record, history, topics: record.topics }, deps, signal);
}

function decided(draft: Pick<Draft, "decision" | "checks"> & Partial<Draft>): DecideOutcome {
  return { kind: "decided", draft: { rules: [], facts: [], tags: [], optOut: false, ...draft } };
}

function topicsOf(messages: readonly Message[], { topics }: Settings): readonly string[] {
  const texts = messages.flatMap(({ text }) => text ?? []);
  return topics.filter(({ words }) => mentions(texts, words) !== undefined).map(({ name }) => name);
}

async function historyBefore({ aggregate, messages }: Burst, store: DecideDeps["store"]): Promise<readonly Message[]> {
  const burstIds = new Set(messages.map(({ id }) => id));
  const limit = historyLength + burstIds.size;
  const { items } = await store.messages.page(aggregate.conversation.id, { limit });
  return items.filter(({ id, kind }) => isContent(kind) && !burstIds.has(id));
}

/** What the chain decided; undefined when every rule passed. */
function ruleDecision({ verdict, rule = "?" }: ChainResult): Decision | undefined {
  const by = `rule:${rule}`;
  switch (verdict.kind) {
    case "pass":
      return undefined;
    case "reply":
      return replyDecision(verdict, by);
    case "defer":
      return { kind: "defer", until: verdict.until, reason: verdict.reason, by };
    case "silence":
    case "handOff":
      return { kind: verdict.kind, reason: verdict.reason, by };
  }
}

function replyDecision(
  { texts, quickReplies, reason = "its conditions hold" }: Extract<Verdict, { kind: "reply" }>,
  by: string,
): Decision {
  return { kind: "reply", texts, reason, by, ...(quickReplies === undefined ? {} : { quickReplies }) };
}

function ruleRecord(chain: ChainResult): Pick<Draft, "rules" | "ruleSet" | "tags" | "optOut" | "facts" | "followUps"> {
  const { traces, version, tags, optOut } = chain;
  const facts = chain.fields.map((fact): FactProposal => ({ ...fact, source: "rule" }));
  const followUps = chain.followUps.map(({ at, text, evenIfAnswered = false, by }): FollowUpPlan => ({
    at,
    text,
    evenIfAnswered,
    by: `rule:${by}`,
    why: traces.find(({ rule }) => rule === by)?.reason ?? "",
  }));
  return { rules: traces, ruleSet: version, tags, optOut, facts, followUps };
}

interface AgentContext {
  /** What is known of the turn so far. */
  readonly record: Omit<Draft, "decision">;
  readonly history: readonly Message[];
  /** The account's topics whose words stand in the burst. */
  readonly topics: readonly string[];
}

async function askAgent(
  burst: Burst,
  context: AgentContext,
  deps: DecideDeps,
  signal: AbortSignal,
): Promise<DecideOutcome> {
  const { account, aggregate, messages, settings, now } = burst;
  const budget = await checkBudget(burst, context.topics, deps.store);
  const record = { ...context.record, checks: [...context.record.checks, budget.check] };
  if (budget.decision !== undefined) return decided({ ...record, decision: budget.decision });
  const result = await deps.agent.decide({
    account,
    contact: aggregate.contact,
    settings,
    messages,
    history: context.history,
    perhapsSent: perhapsSent(aggregate.outbound, now),
    rules: record.rules,
    knowledge: await knowledgeOf(account.id, deps.store.knowledge),
    windowClosesAt: aggregate.conversation.windowClosesAt,
    now,
  }, signal);
  switch (result.kind) {
    case "aborted":
      return result;
    case "decided":
      return decided({
        ...record,
        decision: result.decision,
        agent: result.trace,
        topics: [...context.topics, ...result.topics ?? []],
        facts: [...record.facts, ...result.facts],
        followUps: [...record.followUps ?? [], ...result.followUps ?? []],
        closes: result.closes,
      });
    case "failed":
      return retryOrHandOff(burst, { ...record, agent: result.trace }, result, deps);
  }
}

/** Whether the agent may be asked at all. */
async function checkBudget(
  { account, aggregate, settings, now }: Burst,
  topics: readonly string[],
  store: DecideDeps["store"],
): Promise<{ check: Check; decision?: Decision }> {
  if (modeFor(settings, topics) === "off") {
    const { kind, reason } = switchedOff(settings, topics);
    const decision = { kind: kind === "handedOff" ? "handOff" : "silence", reason, by: "core" } as const;
    return { check: { name: "agent", passed: false, detail: reason }, decision };
  }
  const since = addMs(now, -24 * 3_600_000);
  const ofContact = await store.turns.contactTokensSince(aggregate.conversation.id, since);
  const used = await store.turns.tokensSince(account.id, since);
  const isContacts = ofContact >= settings.contactTokenBudget;
  const detail = isContacts
    ? `${ofContact} of ${settings.contactTokenBudget} tokens of this contact within 24 h`
    : `${used} of ${settings.dailyTokenBudget} tokens within 24 h`;
  const passed = !isContacts && used < settings.dailyTokenBudget;
  if (passed) return { check: { name: "token budget", passed, detail } };
  const reason = `the agent's tokens for the day are used up: ${detail}`;
  return { check: { name: "token budget", passed, detail }, decision: { kind: "handOff", reason, by: "core" } };
}

function retryOrHandOff(
  { aggregate, now }: Burst,
  record: Omit<Draft, "decision">,
  failure: { reason: string; retryAfterMs?: number },
  deps: DecideDeps,
): DecideOutcome {
  const tries = aggregate.debounce.attempts;
  if (tries < maxTurnAttempts) {
    const at = addMs(now, Math.max(deps.retryDelayMs(tries), failure.retryAfterMs ?? 0));
    return { kind: "retry", at, reason: `${failure.reason}; try ${tries} of ${maxTurnAttempts}`, agent: record.agent };
  }
  const reason = `the model did not answer in ${tries} tries: ${failure.reason}`;
  return decided({ ...record, decision: { kind: "handOff", reason, by: "agent" } });
}
