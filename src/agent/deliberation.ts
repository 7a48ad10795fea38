import type { BaseMessage } from "@langchain/core/messages";
import type { AgentTrace } from "@/store/records.ts";
import type { Clock } from "@/clock.ts";
import type { Settings } from "@/conversation/settings.ts";
import type { AgentDecision, AgentRequest, AgentResult } from "@/agent/agent.ts";
import type { Deadline } from "@/agent/deadline.ts";
import { withDisclosure } from "@/agent/disclosure.ts";
import { gateContext } from "@/agent/gate_context.ts";
import { type CallNotes, judgeCalls } from "@/agent/judge_calls.ts";
import { callMessages, promptMessages, textMessages } from "@/agent/langchain_messages.ts";
import type { AgentLimits } from "@/agent/langchain_agent.ts";
import { askModel, type BoundModel, type ModelToolCall, type Tokens } from "@/agent/model_call.ts";
import type { ModelFailure } from "@/agent/model_error.ts";
import { faultInAnswer } from "@/agent/output_gate.ts";
import { picturesOf } from "@/agent/pictures.ts";
import { buildPrompt } from "@/agent/prompt.ts";

export interface DeliberationOptions {
  readonly model: BoundModel;
  readonly modelName: string;
  readonly clock: Clock;
  readonly limits: AgentLimits;
  readonly canary: string;
  readonly deadline: Deadline;
}

/** Characters kept of what the model wrote, for the trace. */
const maxTraced = 4_000;

const plainTextFault = "text outside a tool call reaches nobody: call exactly one of reply, stay_silent or hand_off";

/** The model's way to one decision: asked, corrected at most once for each kind of fault, asked again. */
export class Deliberation {
  #request: AgentRequest;
  readonly #options: DeliberationOptions;
  #prompt: AgentTrace["prompt"] = [];
  readonly #startedAt: Date;
  #messages: BaseMessage[] = [];
  readonly #canary: string;
  #notes: CallNotes = { facts: [], followUps: [], found: [], closes: false };
  readonly #tools: { name: string; args: string; result: string }[] = [];
  readonly #faults = new Set<"use" | "answer">();
  #calls = 0;
  #tokens = { input: 0, output: 0 };

  constructor(request: AgentRequest, options: DeliberationOptions) {
    this.#request = request;
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#canary = options.canary;
    this.#beginPrompt(request);
  }

  #beginPrompt(request: AgentRequest): void {
    const prompt = buildPrompt(request, this.#canary);
    this.#request = request;
    this.#prompt = prompt;
    this.#messages = promptMessages(prompt, picturesOf(request));
  }

  /** Asks until there is a decision, the limits are reached, or the model fails. */
  async run(): Promise<AgentResult> {
    const { limits, deadline } = this.#options;
    const maxTokens = Math.min(limits.tokens, this.#request.settings.turnTokenBudget);
    while (this.#calls < limits.modelCalls && this.#tokens.input + this.#tokens.output < maxTokens) {
      const result = await this.#step();
      if (deadline.ended() === "aborted") return { kind: "aborted" };
      if (deadline.ended() === "timedOut") {
        return this.#failed({
          reason: `the model did not decide within ${limits.totalMs / 1_000} s`,
          isProvider: true,
        });
      }
      if (result !== undefined) return result;
    }
    const limit = this.#calls < limits.modelCalls ? `${maxTokens} tokens` : `${limits.modelCalls} calls`;
    return this.#handOff(`the model came to no decision within ${limit}`);
  }

  #failed({ reason, retryAfterMs, isProvider = false }: ModelFailure): AgentResult {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { kind: "failed", reason, isProvider, ...wait, trace: { ...this.#trace(), error: reason } };
  }

  async #step(): Promise<AgentResult | undefined> {
    const { model, clock, deadline } = this.#options;
    this.#calls += 1;
    const answer = await askModel(model, this.#messages, { signal: deadline.signal, clock });
    this.#tokens = {
      input: this.#tokens.input + answer.tokens.input,
      output: this.#tokens.output + answer.tokens.output,
    };
    if (answer.kind === "unusable") return this.#onUnusable(answer);
    return answer.calls.length === 0 ? this.#onText(answer.text) : this.#onCalls(answer.calls);
  }

  /** A provider that does not take pictures is asked once more without them; that is then what the trace shows. */
  #onUnusable(failure: ModelFailure): AgentResult | undefined {
    const { settings } = this.#request;
    const isBlind = failure.isBadRequest === true && this.#calls === 1 && picturesOf(this.#request).length > 0;
    if (!isBlind) return this.#failed(failure);
    this.#beginPrompt({ ...this.#request, settings: { ...settings, seesPictures: false } });
    return undefined;
  }

  #onText(text: string): AgentResult | undefined {
    this.#note("(text)", text, plainTextFault);
    this.#messages.push(...textMessages(text, plainTextFault));
    return this.#explainOnce("use", "the model answered outside its tools");
  }

  async #onCalls(calls: readonly ModelToolCall[]): Promise<AgentResult | undefined> {
    const faultIn = (texts: readonly string[]): string | undefined => {
      return faultInAnswer(texts, gateContext(this.#request, { canary: this.#canary, found: this.#notes.found }));
    };
    const { results, verdict } = await judgeCalls(calls, { request: this.#request, faultIn });
    for (const { call, result } of results) this.#note(call.name, call.written, result);
    this.#notes = together(this.#notes, verdict.notes);
    if (verdict.kind === "ends") return this.#decided(verdict.decision, verdict.topics);
    this.#messages.push(...callMessages(results));
    switch (verdict.kind) {
      case "misused":
        return this.#explainOnce("use", `the model misused its tools: ${verdict.problem}`);
      case "heldBack":
        return this.#explainOnce("answer", `the model's answer was held back: ${verdict.problem}`);
      case "goesOn":
        return undefined;
    }
  }

  /** Lets the model try again the first time; the second time a person is asked. */
  #explainOnce(kind: "use" | "answer", reason: string): AgentResult | undefined {
    if (this.#faults.has(kind)) return this.#handOff(reason);
    this.#faults.add(kind);
    return undefined;
  }

  #handOff(reason: string): AgentResult {
    return this.#decided({ kind: "handOff", reason, by: "agent" });
  }

  #decided(decision: AgentDecision, topics: readonly string[] = []): AgentResult {
    const disclosed = decision.kind === "reply"
      ? { ...decision, texts: withDisclosure(decision.texts, this.#request) }
      : decision;
    const { facts, followUps, closes } = decision.kind === "handOff"
      ? { ...this.#notes, followUps: [], closes: false }
      : this.#notes;
    return {
      kind: "decided",
      decision: disclosed,
      facts,
      followUps: followUps.slice(-1),
      closes,
      topics,
      trace: this.#trace(),
    };
  }

  #note(name: string, args: string, result: string): void {
    this.#tools.push({ name: name.slice(0, 100), args: args.slice(0, maxTraced), result: result.slice(0, maxTraced) });
  }

  #trace(): AgentTrace {
    const { modelName, clock } = this.#options;
    return {
      model: modelName,
      calls: this.#calls,
      inputTokens: this.#tokens.input,
      outputTokens: this.#tokens.output,
      ...costOf(this.#tokens, this.#request.settings),
      ms: clock.now().getTime() - this.#startedAt.getTime(),
      prompt: this.#prompt,
      tools: [...this.#tools],
    };
  }
}

function costOf(tokens: Tokens, { inputPrice, outputPrice }: Settings): Pick<AgentTrace, "cost"> {
  if (inputPrice === 0 && outputPrice === 0) return {};
  return { cost: (tokens.input * inputPrice + tokens.output * outputPrice) / 1_000_000 };
}

function together(some: CallNotes, more: CallNotes): CallNotes {
  return {
    facts: [...some.facts, ...more.facts],
    followUps: [...some.followUps, ...more.followUps],
    found: [...some.found, ...more.found],
    closes: some.closes || more.closes,
  };
}
