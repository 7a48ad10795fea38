import type { Clock } from "@/clock.ts";
import { inOrder } from "@/rules/chain_order.ts";
import { chainVersion } from "@/rules/chain_version.ts";
import type { FollowUp, Notes, Rule, RuleTurn, Verdict } from "@/rules/contract.ts";
import { checkVerdict } from "@/rules/verdict_schema.ts";
import type { RuleTrace } from "@/store/records.ts";

/** How long an asynchronous rule is waited for that sets no limit of its own. */
export const ruleLimitMs = 250;

/** Characters of what a rule threw that the trace keeps. */
const thrownLimit = 300;

/** What the chain decided on one turn. */
export interface ChainResult {
  /** Version of the rules that ran; another when some of them were switched off or moved. */
  readonly version: string;
  /** The first verdict other than `pass`, or `pass`. */
  readonly verdict: Verdict;
  /** The rule that gave it; absent when every rule passed. */
  readonly rule?: string;
  /** Every rule that ran, in order; those behind the winner did not. */
  readonly traces: readonly RuleTrace[];
  /** Of the winner and of the rules that passed before it. */
  readonly tags: readonly string[];
  readonly fields: readonly { readonly field: string; readonly value: string; readonly by: string }[];
  readonly followUps: readonly (FollowUp & { readonly by: string })[];
  /** The contact asked not to be written to any more. */
  readonly optOut: boolean;
}

/** What one rule answered. */
export interface RuleRun {
  readonly verdict: Verdict;
  readonly trace: RuleTrace;
}

/**
 * Asks the rules in turn until one answers something other than `pass`. A rule that throws, takes too long or
 * answers no verdict is noted as an error and counts as `pass`. Never rejects.
 */
export async function runChain(
  chain: { readonly version: string; readonly rules: readonly Rule[] },
  turn: RuleTurn,
  clock: Clock,
): Promise<ChainResult> {
  const runs: RuleRun[] = [];
  const { settings } = turn;
  for (const rule of inOrder(chain.rules, settings.rulesOrder)) {
    const run = await runRule(rule, turn, clock);
    runs.push(run);
    if (run.verdict.kind !== "pass") break;
  }
  return summarize(chainVersion(chain, settings), runs);
}

function summarize(version: string, runs: readonly RuleRun[]): ChainResult {
  const last = runs.at(-1);
  const verdict: Verdict = last?.verdict ?? { kind: "pass" };
  const isDecided = verdict.kind !== "pass";
  return {
    version,
    verdict: isDecided ? verdict : { kind: "pass" },
    ...(isDecided ? { rule: last?.trace.rule } : {}),
    traces: runs.map(({ trace }) => trace),
    tags: [...new Set(runs.flatMap((run) => notesOf(run.verdict).tags ?? []))],
    fields: runs.flatMap((run) =>
      Object.entries(notesOf(run.verdict).fields ?? {}).map(([field, value]) => ({ field, value, by: run.trace.rule }))
    ),
    followUps: runs.flatMap(({ verdict, trace }) =>
      (notesOf(verdict).followUps ?? []).map((followUp) => ({ ...followUp, by: trace.rule }))
    ),
    optOut: verdict.kind === "silence" && verdict.optOut === true,
  };
}

function notesOf(verdict: Verdict): Notes {
  return verdict.kind === "defer" ? {} : verdict;
}

/**
 * Asks one rule, unless it is switched off. An exception, a late answer and one that is no verdict are noted as errors.
 * Never rejects.
 */
export async function runRule(rule: Rule, turn: RuleTurn, clock: Clock): Promise<RuleRun> {
  if (turn.settings.rulesOff.includes(rule.name)) {
    return { verdict: { kind: "pass" }, trace: { rule: rule.name, verdict: "off", reason: "", ms: 0 } };
  }
  const startedAt = performance.now();
  const outcome = await ask(rule, turn, clock);
  const ms = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
  if ("fault" in outcome) {
    return { verdict: { kind: "pass" }, trace: { rule: rule.name, verdict: "error", reason: outcome.fault, ms } };
  }
  const { verdict } = outcome;
  return { verdict, trace: { rule: rule.name, verdict: verdict.kind, reason: verdict.reason ?? "", ms } };
}

type Outcome = { readonly verdict: Verdict } | { readonly fault: string };

async function ask(rule: Rule, turn: RuleTurn, clock: Clock): Promise<Outcome> {
  try {
    const answer = rule.apply(turn);
    if (!(answer instanceof Promise)) return judge(answer);
    return await withinLimit(answer.then(judge), rule.limitMs ?? ruleLimitMs, clock);
  } catch (error) {
    return { fault: `it threw ${inWords(error)}` };
  }
}

function judge(answer: unknown): Outcome {
  const checked = checkVerdict(answer);
  return "fault" in checked ? { fault: `it answered something that is no verdict: ${checked.fault}` } : checked;
}

async function withinLimit(answer: Promise<Outcome>, limitMs: number, clock: Clock): Promise<Outcome> {
  const answered = new AbortController();
  const tooLate = clock.wait(limitMs, answered.signal)
    .then((): Outcome => ({ fault: `it did not answer within ${limitMs} ms` }));
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    answered.abort();
  }
}

function inWords(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`.slice(0, thrownLimit);
  return typeof thrown === "string" ? `"${thrown.slice(0, thrownLimit)}"` : `a ${typeof thrown}`;
}
