import { setImmediate } from "node:timers/promises";
import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import type { Settings } from "@/conversation/settings.ts";
import type { RuleVerdict } from "@/rules/rewind/compare.ts";
import type { PastTurn } from "@/rules/rewind/past_turn.ts";
import { type PastStore, readPast, type ReadTurn } from "@/rules/rewind/read_past.ts";
import { tryPast } from "@/rules/rewind/try_past.ts";
import type { RuleSet } from "@/rules/rule_set.ts";
import { knowledgeOf } from "@/agent/knowledge.ts";
import type { Account, RuleTrace } from "@/store/records.ts";

/** A turn that would go otherwise now. */
export interface RewindChange {
  readonly turnId: string;
  readonly conversationId: string;
  readonly decidedAt: Date;
  readonly then: Pick<RuleVerdict, "kind" | "rule">;
  readonly now: RuleVerdict;
  /** What the model said, where the rules now pass and the model was asked for. */
  readonly model?: ModelAnswer;
}

export interface ModelAnswer {
  /** `none`: it gave no usable answer. */
  readonly kind: "reply" | "silence" | "handOff" | "none";
  readonly texts: readonly string[];
  readonly reason: string;
  readonly tokens: number;
}

export interface RewindOptions {
  readonly account: Account;
  readonly settings: Settings;
  readonly since: Date;
  readonly set: RuleSet;
  /** Tokens that the model may use; 0: it is not asked. The last call may go beyond. */
  readonly tokenBudget: number;
}

export interface RewindDeps {
  readonly store: PastStore;
  readonly agent: Pick<Agent, "decide">;
  readonly clock: Clock;
}

/** Told as the work goes on. */
export interface RewindListener {
  /** A turn was tried; `change` is there when it would go otherwise. `skipped`: rules never saw it, or it is gone. */
  tried(turn: ReadTurn["turn"], outcome: RewindChange | "same" | "skipped"): void;
}

/** Turns tried side by side: on a server the reading waits more than it works. */
const lanes = 8;

/** Work is laid aside this often, in milliseconds, so that messages are answered meanwhile. */
const breatheMs = 15;

/** Runs rules over the turns of the past. Nothing has an effect. Ends early when the signal aborts. */
export async function rewind(
  options: RewindOptions,
  deps: RewindDeps,
  { listener, signal }: { readonly listener: RewindListener; readonly signal: AbortSignal },
): Promise<void> {
  let tokensLeft = options.tokenBudget;
  let breathedAt = performance.now();
  for await (const page of readPast({ accountId: options.account.id, since: options.since }, deps.store)) {
    for (let start = 0; start < page.length && !signal.aborted; start += lanes) {
      const group = page.slice(start, start + lanes);
      const outcomes = await Promise.all(group.map((one) => tryTurn(one, options, deps.clock)));
      for (const [index, outcome] of outcomes.entries()) {
        const wantsModel = typeof outcome === "object" && outcome.change.now.kind === "pass" && tokensLeft > 0;
        const model = wantsModel ? await askModel(outcome, options, deps, signal) : undefined;
        tokensLeft -= model?.tokens ?? 0;
        listener.tried(group[index].turn, typeof outcome === "object" ? { ...outcome.change, model } : outcome);
      }
      if (performance.now() - breathedAt < breatheMs) continue;
      await setImmediate();
      breathedAt = performance.now();
    }
    if (signal.aborted) return;
  }
}

interface Tried {
  readonly change: RewindChange;
  readonly past: PastTurn;
  readonly traces: readonly RuleTrace[];
}

async function tryTurn(
  { turn, past: read }: ReadTurn,
  options: RewindOptions,
  clock: Clock,
): Promise<Tried | "same" | "skipped"> {
  const past = await read?.();
  if (past === undefined) return "skipped";
  const { then, now, differs, traces } = await tryPast(past, options, clock);
  if (!differs) return "same";
  const { id, conversationId, decidedAt } = turn;
  const before = { kind: then.kind, ...(then.rule === undefined ? {} : { rule: then.rule }) };
  return { change: { turnId: id, conversationId, decidedAt, then: before, now }, past, traces };
}

async function askModel(
  { past, traces }: Tried,
  { account, settings }: RewindOptions,
  { agent, store }: RewindDeps,
  signal: AbortSignal,
): Promise<ModelAnswer | undefined> {
  const { contact, messages, history, situation } = past;
  const knowledge = await knowledgeOf(account.id, store.knowledge);
  const asked = { account, contact, settings, messages, history, rules: traces, knowledge };
  const request = { ...asked, now: situation.at };
  const result = await agent.decide(request, signal);
  if (result.kind === "aborted") return undefined;
  const tokens = result.trace.inputTokens + result.trace.outputTokens;
  if (result.kind === "failed") return { kind: "none", texts: [], reason: result.reason, tokens };
  const { decision } = result;
  const texts = decision.kind === "reply" ? decision.texts : [];
  return { kind: decision.kind, texts, reason: decision.reason, tokens };
}
