import type { FactProposal } from "@/conversation/facts.ts";
import type { FollowUpPlan } from "@/conversation/follow_up.ts";
import type { AgentDecision, AgentRequest } from "@/agent/agent.ts";
import type { ModelToolCall } from "@/agent/model_call.ts";
import type { ToolOutcome } from "@/agent/tools/tool.ts";
import { agentTools } from "@/agent/tools/tools.ts";

/** A call with the words that the model is told about it. */
export interface CallResult {
  readonly call: ModelToolCall;
  readonly result: string;
}

/** What the calls of one answer note for the commit. */
export interface CallNotes {
  readonly facts: readonly FactProposal[];
  readonly followUps: readonly FollowUpPlan[];
  /** What was found and shown to the model. */
  readonly found: readonly string[];
  readonly closes: boolean;
}

/**
 * What one answer of the model amounts to, all of its calls together.
 * `misused`: a tool was called wrongly · `heldBack`: a text for the contact may not go out.
 */
export type CallsVerdict =
  & { readonly notes: CallNotes }
  & (
    | { readonly kind: "ends"; readonly decision: AgentDecision; readonly topics: readonly string[] }
    | { readonly kind: "goesOn" }
    | { readonly kind: "misused" | "heldBack"; readonly problem: string }
  );

export interface JudgeOptions {
  readonly request: AgentRequest;
  /** Why an answer's texts must not go out; undefined when they may. */
  readonly faultIn: (texts: readonly string[]) => string | undefined;
}

type Outcome = ToolOutcome | { readonly kind: "heldBack"; readonly problem: string; readonly isEnd: boolean };

/** Calls in one answer that are looked at. */
const maxCalls = 12;

const noNotes: CallNotes = { facts: [], followUps: [], found: [], closes: false };

/**
 * Judges the calls of one answer. Notes may stand beside the one call that ends the turn; where any call is
 * misused, none of them counts, so that nothing is half done.
 */
export async function judgeCalls(
  calls: readonly ModelToolCall[],
  options: JudgeOptions,
): Promise<{ readonly results: readonly CallResult[]; readonly verdict: CallsVerdict }> {
  const tried: { readonly call: ModelToolCall; readonly outcome: Outcome }[] = [];
  for (const call of calls.slice(0, maxCalls)) tried.push({ call, outcome: await tryCall(call, options) });
  const verdict = judge(tried.map(({ outcome }) => outcome), calls.length);
  return { results: tried.map(({ call, outcome }) => ({ call, result: tell(outcome, verdict) })), verdict };
}

function judge(outcomes: readonly Outcome[], count: number): CallsVerdict {
  const problem = misuse(outcomes, count);
  if (problem !== undefined) return { kind: "misused", problem, notes: noNotes };
  const notes: CallNotes = {
    facts: outcomes.flatMap((outcome) => outcome.kind === "learned" ? [outcome.fact] : []),
    followUps: outcomes.flatMap((outcome) => outcome.kind === "planned" ? [outcome.plan] : []),
    found: outcomes.flatMap((outcome) => outcome.kind === "found" ? [outcome.text] : []),
    closes: outcomes.some(({ kind }) => kind === "closes"),
  };
  const heldBack = outcomes.find((outcome) => outcome.kind === "heldBack");
  if (heldBack !== undefined) return { kind: "heldBack", problem: heldBack.problem, notes };
  const end = outcomes.find((outcome) => outcome.kind === "ends");
  if (end === undefined || outcomes.some(isUnread)) return { kind: "goesOn", notes };
  return { kind: "ends", decision: end.decision, topics: end.topics ?? [], notes };
}

/** An outcome that the model has to see before it may end the turn. */
function isUnread({ kind }: Outcome): boolean {
  return kind === "refused" || kind === "found";
}

async function tryCall(call: ModelToolCall, { request, faultIn }: JudgeOptions): Promise<Outcome> {
  const tool = agentTools.find(({ name }) => name === call.name);
  if (tool === undefined) return { kind: "misused", problem: "there is no such tool" };
  if (call.args === undefined) return { kind: "misused", problem: "the arguments are not JSON" };
  const outcome = await tool.call(call.args, request);
  const texts = textsOf(outcome);
  const problem = texts === undefined ? undefined : faultIn(texts);
  return problem === undefined ? outcome : { kind: "heldBack", problem, isEnd: outcome.kind === "ends" };
}

/** What of it would reach the contact. */
function textsOf(outcome: ToolOutcome): readonly string[] | undefined {
  if (outcome.kind === "planned") return [outcome.plan.text];
  return outcome.kind === "ends" && outcome.decision.kind === "reply" ? outcome.decision.texts : undefined;
}

function misuse(outcomes: readonly Outcome[], count: number): string | undefined {
  if (count > maxCalls) return `${count} calls at once, ${maxCalls} are allowed`;
  const ends = outcomes.filter((outcome) => outcome.kind === "ends" || (outcome.kind === "heldBack" && outcome.isEnd));
  if (ends.length > 1) return "exactly one of reply, stay_silent or hand_off may be called";
  const plans = outcomes.filter(({ kind }) => kind === "planned").length;
  if (plans > 1) return "one follow-up may be planned";
  const closes = outcomes.some(({ kind }) => kind === "closes");
  if (closes && plans > 0) return "a conversation that is closed takes no follow-up";
  if (closes && outcomes.some(isHandOff)) {
    return "a conversation that a person is asked for stays open";
  }
  return outcomes.find((outcome) => outcome.kind === "misused")?.problem;
}

function isHandOff(outcome: Outcome): boolean {
  return outcome.kind === "ends" && outcome.decision.kind === "handOff";
}

function tell(outcome: Outcome, verdict: CallsVerdict): string {
  switch (outcome.kind) {
    case "misused":
    case "refused":
      return `refused: ${outcome.problem}`;
    case "heldBack":
      return `not sent: ${outcome.problem}; decide again`;
    case "found":
      return outcome.text;
    case "learned":
    case "planned":
    case "closes":
      return verdict.kind === "misused" ? `not noted: ${verdict.problem}; call it again` : "noted";
    case "ends":
      return verdict.kind === "ends" ? "done" : `not done: ${whyNotDone(verdict)}; decide again`;
  }
}

function whyNotDone(verdict: CallsVerdict): string {
  if (verdict.kind === "misused") return verdict.problem;
  return verdict.notes.found.length > 0 ? "read what was found first" : "another call was refused";
}
