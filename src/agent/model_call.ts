import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import type { Clock } from "@/clock.ts";
import { estimateTokens } from "@/agent/history.ts";
import { describeModelError, type ModelFailure } from "@/agent/model_error.ts";
import { quietCallbacks } from "@/agent/quiet_langchain.ts";

/** A model with its tools bound. */
export type BoundModel = ReturnType<NonNullable<BaseChatModel["bindTools"]>>;

/** One tool call as the model made it. */
export interface ModelToolCall {
  readonly name: string;
  /** Absent when they were not JSON. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** As the model wrote them. */
  readonly written: string;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

export type ModelAnswer =
  | {
    readonly kind: "answered";
    readonly calls: readonly ModelToolCall[];
    readonly text: string;
    readonly tokens: Tokens;
  }
  | ({ readonly kind: "unusable"; readonly tokens: Tokens } & ModelFailure);

/** Asks the model once. Never repeats, never throws; gives up when the signal aborts. */
export async function askModel(
  model: BoundModel,
  messages: readonly BaseMessage[],
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): Promise<ModelAnswer> {
  try {
    const answer = model.invoke([...messages], { signal, callbacks: quietCallbacks });
    return readAnswer(await unlessAborted(answer, signal), messages);
  } catch (error) {
    return { kind: "unusable", tokens: { input: 0, output: 0 }, ...describeModelError(error, clock.now()) };
  }
}

/** The promise, or a rejection as soon as the signal aborts, whether the promise heeds it or not. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(new DOMException("aborted", "AbortError"));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function readAnswer(message: AIMessage, asked: readonly BaseMessage[]): ModelAnswer {
  const text = message.text.trim();
  const calls = [...(message.tool_calls ?? []).map(readable), ...(message.invalid_tool_calls ?? []).map(unreadable)];
  const tokens = tokensOf(message, asked);
  const reason = whyUnusable(message) ?? (calls.length === 0 && text === "" ? "the model answered nothing" : undefined);
  return reason === undefined ? { kind: "answered", calls, text, tokens } : { kind: "unusable", reason, tokens };
}

function readable({ name, args }: { name: string; args: Record<string, unknown> }): ModelToolCall {
  return { name, args, written: JSON.stringify(args) };
}

function unreadable({ name, args }: { name?: string; args?: string }): ModelToolCall {
  return { name: name ?? "", written: args ?? "" };
}

const rawAnswer = z.object({
  choices: z.array(z.object({
    finish_reason: z.string().nullish(),
    message: z.object({ refusal: z.string().nullish() }).nullish(),
  })).min(1),
});

/** An answer that was cut off, filtered or refused is none, even when it holds tool calls. */
function whyUnusable(message: AIMessage): string | undefined {
  const raw = rawAnswer.safeParse(message.additional_kwargs.__raw_response).data?.choices[0];
  const finish: unknown = raw?.finish_reason ?? message.response_metadata.finish_reason;
  if (finish === "length") return "the model's answer was cut off";
  if (finish === "content_filter") return "the provider's content filter stopped the model's answer";
  return (raw?.message?.refusal ?? "") === "" ? undefined : "the model refused to answer";
}

/** As the provider counted; where it counts nothing, an estimate, so that the budgets hold. */
function tokensOf(message: AIMessage, asked: readonly BaseMessage[]): Tokens {
  const { input_tokens: input, output_tokens: output } = message.usage_metadata ?? {};
  const written = JSON.stringify([message.text, message.tool_calls, message.invalid_tool_calls]);
  return {
    input: input || asked.reduce((sum, { text }) => sum + estimateTokens(text), 0),
    output: output || estimateTokens(written),
  };
}
