import type { FactProposal } from "@/conversation/facts.ts";
import type { AgentDecision, AgentRequest } from "@/agent/agent.ts";
import type { ModelToolCall } from "@/agent/model_call.ts";
import type { ToolOutcome } from "@/agent/tools/tool.ts";
import { agentTools } from "@/agent/tools/tools.ts";

/** A call with the words that the model is told about it. */
export interface CallResult {
  readonly call: ModelToolCall;
  readonly result: string;
}

/**
 * What one answer of the model amounts to, all of its calls together.
 * `misused`: a tool was called wrongly · `heldBack`: the answer to the contact may not go out.
 */
export type CallsVerdict =
  | {
    readonly kind: "ends";
    readonly decision: AgentDecision;
    readonly topics: readonly string[];
    readonly facts: readonly FactProposal[];
  }
  | { readonly kind: "goesOn"; readonly facts: readonly FactProposal[] }
  | { readonly kind: "misused" | "heldBack"; readonly problem: string; readonly facts: readonly FactProposal[] };

export interface JudgeOptions {
  readonly request: AgentRequest;
  /** Why an answer's texts must not go out; undefined when they may. */
  readonly faultIn: (texts: readonly string[]) => string | undefined;
}

type Outcome = ToolOutcome | { readonly kind: "heldBack"; readonly problem: string };

/** Calls in one answer that are looked at. */
const maxCalls = 12;

/**
 * Judges the calls of one answer. Notes about the contact may stand beside the one call that ends the turn;
 * where any call is misused, none of them counts, so that nothing is half done.
 */
export function judgeCalls(
  calls: readonly ModelToolCall[],
  options: JudgeOptions,
): { readonly results: readonly CallResult[]; readonly verdict: CallsVerdict } {
  const tried = calls.slice(0, maxCalls).map((call) => ({ call, outcome: tryCall(call, options) }));
  const verdict = judge(tried.map(({ outcome }) => outcome), calls.length);
  return { results: tried.map(({ call, outcome }) => ({ call, result: tell(outcome, verdict) })), verdict };
}

function judge(outcomes: readonly Outcome[], count: number): CallsVerdict {
  const problem = misuse(outcomes, count);
  if (problem !== undefined) return { kind: "misused", problem, facts: [] };
  const facts = outcomes.flatMap((outcome) => outcome.kind === "learned" ? [outcome.fact] : []);
  const heldBack = outcomes.find((outcome) => outcome.kind === "heldBack");
  if (heldBack !== undefined) return { kind: "heldBack", problem: heldBack.problem, facts };
  const end = outcomes.find((outcome) => outcome.kind === "ends");
  const isRefused = outcomes.some(({ kind }) => kind === "refused");
  if (end === undefined || isRefused) return { kind: "goesOn", facts };
  return { kind: "ends", decision: end.decision, topics: end.topics ?? [], facts };
}

function tryCall(call: ModelToolCall, { request, faultIn }: JudgeOptions): Outcome {
  const tool = agentTools.find(({ name }) => name === call.name);
  if (tool === undefined) return { kind: "misused", problem: "there is no such tool" };
  if (call.args === undefined) return { kind: "misused", problem: "the arguments are not JSON" };
  const outcome = tool.call(call.args, request);
  if (outcome.kind !== "ends" || outcome.decision.kind !== "reply") return outcome;
  const problem = faultIn(outcome.decision.texts);
  return problem === undefined ? outcome : { kind: "heldBack", problem };
}

function misuse(outcomes: readonly Outcome[], count: number): string | undefined {
  if (count > maxCalls) return `${count} calls at once, ${maxCalls} are allowed`;
  const ends = outcomes.filter(({ kind }) => kind === "ends" || kind === "heldBack").length;
  if (ends > 1) return "exactly one of reply, stay_silent or hand_off may be called";
  return outcomes.find((outcome) => outcome.kind === "misused")?.problem;
}

function tell(outcome: Outcome, verdict: CallsVerdict): string {
  switch (outcome.kind) {
    case "misused":
    case "refused":
      return `refused: ${outcome.problem}`;
    case "heldBack":
      return `not sent: ${outcome.problem}; decide again`;
    case "learned":
      return verdict.kind === "misused" ? `not noted: ${verdict.problem}; call it again` : "noted";
    case "ends":
      if (verdict.kind === "ends") return "done";
      return `not done: ${verdict.kind === "misused" ? verdict.problem : "another call was refused"}; decide again`;
  }
}
