import type { Clock } from "@/clock.ts";
import type { CallLimit, CountedCall } from "./call_limit.ts";
import { faultyResponse } from "./faulty_response.ts";
import { effectOfOrder, type FaultOrder, type FaultPlan } from "./faults.ts";
import type { GraphAnswer } from "./graph_error.ts";
import type { AppendOnlyLog, AppliedText, GraphCall, GraphLogEntry } from "./logs.ts";
import type { OutgoingMessage } from "./send_request.ts";
import type { Tokens } from "./tokens.ts";
import type { World } from "./world.ts";

/** What an endpoint made of a request. Nothing has happened yet: `message` is applied, `run` is run, later. */
export interface Handled {
  readonly call: GraphCall;
  readonly psid?: string;
  readonly text?: string;
  readonly tag?: string;
  readonly outcome:
    | { readonly kind: "answer"; readonly answer: GraphAnswer }
    | { readonly kind: "run"; readonly run: () => GraphAnswer }
    | { readonly kind: "message"; readonly psid: string; readonly message: OutgoingMessage };
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly world: World;
  readonly tokens: Tokens;
  readonly faults: FaultPlan;
  readonly callLimit: CallLimit;
  readonly log: AppendOnlyLog<GraphLogEntry>;
  readonly applied: AppendOnlyLog<AppliedText>;
  readonly nextMid: () => string;
  /** Tells the webhook of a text; resolves when the answer to the sender may leave. */
  readonly echo: (applied: AppliedText) => Promise<void>;
  readonly closing: AbortSignal;
}

interface Arrival {
  readonly at: Date;
  readonly monotonicMs: number;
  readonly method: string;
  readonly path: string;
  readonly overlaps: number;
}

/** The way of every request: what it asks for, what goes wrong, what is applied, what is logged, what is answered. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #underWay = new Map<string, number>();
  #seq = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** `drop` closes the caller's connection. */
  async answer(request: Request, drop: () => void, handle: () => Promise<Handled> | Handled): Promise<Response> {
    const { clock } = this.#options;
    const start = { at: clock.now(), monotonicMs: performance.now(), method: request.method };
    const counted = this.#options.callLimit.count(start.at);
    const handled = this.#admitted(request, await handle(), counted);
    const overlaps = this.#enter(handled.psid);
    try {
      const arrival = { ...start, path: new URL(request.url).pathname, overlaps };
      const response = await this.#settle(request, handled, { arrival, drop });
      for (const [name, value] of Object.entries(counted.headers)) response.headers.set(name, value);
      return response;
    } finally {
      this.#leave(handled.psid);
    }
  }

  async #settle(
    request: Request,
    handled: Handled,
    { arrival, drop }: { readonly arrival: Arrival; readonly drop: () => void },
  ): Promise<Response> {
    const { faults, echo, clock, closing } = this.#options;
    const on = handled.outcome.kind === "message" ? "send" : "read";
    const fault = faults.take({ on, psid: handled.psid });
    const { applied, answer } = this.#act(handled, fault);
    const entry = this.#log({ ...arrival, event: "request", ...about(handled), ...seen({ answer, applied, fault }) });
    if (fault !== undefined && effectOfOrder(fault).applies === "late") {
      this.#applyLater(handled, { arrival, fault, of: entry.seq });
    }
    const ready = applied === undefined ? Promise.resolve() : echo(applied);
    const signal = AbortSignal.any([request.signal, closing]);
    return await faultyResponse(answer, fault, { clock, signal, drop, ready });
  }

  #admitted(request: Request, handled: Handled, counted: CountedCall): Handled {
    const error = counted.error ?? this.#options.tokens.problem(tokenOf(request), this.#options.clock.now());
    return error === undefined ? handled : { ...handled, outcome: { kind: "answer", answer: { error } } };
  }

  /** Does what was asked for, unless the fault prevents it. */
  #act(
    { outcome, ...handled }: Handled,
    fault?: FaultOrder,
  ): { readonly applied?: AppliedText; readonly answer: GraphAnswer } {
    const effect = fault === undefined ? undefined : effectOfOrder(fault);
    const refused = effect?.answer.kind === "error" ? { error: effect.answer.error } : undefined;
    const happens = effect === undefined || effect.applies === "now";
    if (outcome.kind === "answer") return { answer: refused ?? outcome.answer };
    if (outcome.kind === "run") return { answer: refused ?? (happens ? outcome.run() : { body: {} }) };
    if (!happens) return { answer: refused ?? { body: {} } };
    const applied = this.#apply(outcome.psid, outcome.message, handled.tag);
    return { applied, answer: refused ?? { body: { recipient_id: applied.psid, message_id: applied.mid } } };
  }

  #apply(psid: string, { text, attachments }: OutgoingMessage, tag?: string): AppliedText {
    const { clock, world, nextMid, applied } = this.#options;
    const [mid, at] = [nextMid(), clock.now()];
    world.businessSaid(psid, { mid, via: "api", text, attachments, at });
    return applied.add({ psid, text, mid, at, monotonicMs: performance.now(), ...(tag === undefined ? {} : { tag }) });
  }

  /** The text arrives long after its request; that is an entry of its own, since entries never change. */
  async #applyLater(
    handled: Handled,
    { arrival, fault, of }: { readonly arrival: Arrival; readonly fault: FaultOrder; readonly of: number },
  ): Promise<void> {
    const { clock, closing, echo } = this.#options;
    if (handled.outcome.kind !== "message") return;
    await clock.wait(fault.delayMs ?? 5_000, closing);
    if (closing.aborted) return;
    const applied = this.#apply(handled.outcome.psid, handled.outcome.message, handled.tag);
    const times = { at: applied.at, monotonicMs: applied.monotonicMs };
    const made = { applied: true, mid: applied.mid, fault: fault.fault };
    this.#log({ ...arrival, ...times, event: "lateApply", of, ...about(handled), ...made });
    await echo(applied);
  }

  #log(entry: Omit<GraphLogEntry, "seq">): GraphLogEntry {
    this.#seq += 1;
    return this.#options.log.add({ seq: this.#seq, ...entry });
  }

  #enter(psid: string | undefined): number {
    if (psid === undefined) return 0;
    const others = this.#underWay.get(psid) ?? 0;
    this.#underWay.set(psid, others + 1);
    return others;
  }

  #leave(psid: string | undefined): void {
    if (psid === undefined) return;
    const left = (this.#underWay.get(psid) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(psid);
    else this.#underWay.set(psid, left);
  }
}

function tokenOf(request: Request): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "");
  return bearer?.[1] ?? new URL(request.url).searchParams.get("access_token") ?? undefined;
}

function about({ call, psid, text, tag }: Handled): Pick<GraphLogEntry, "call" | "psid" | "text" | "tag"> {
  return {
    call,
    ...(psid === undefined ? {} : { psid }),
    ...(text === undefined ? {} : { text }),
    ...(tag === undefined ? {} : { tag }),
  };
}

interface Result {
  readonly answer: GraphAnswer;
  readonly applied?: AppliedText;
  readonly fault?: FaultOrder;
}

function seen(
  { answer, applied, fault }: Result,
): Pick<GraphLogEntry, "status" | "code" | "subcode" | "applied" | "mid" | "fault"> {
  const error = "error" in answer ? answer.error : undefined;
  const status = statusOf(answer, fault);
  return {
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { code: error.code }),
    ...(error?.subcode === undefined ? {} : { subcode: error.subcode }),
    applied: applied !== undefined,
    ...(applied === undefined ? {} : { mid: applied.mid }),
    ...(fault === undefined ? {} : { fault: fault.fault }),
  };
}

function statusOf(answer: GraphAnswer, fault?: FaultOrder): number | undefined {
  const kind = fault === undefined ? undefined : effectOfOrder(fault).answer;
  if (kind?.kind === "none" || kind?.kind === "drop") return undefined;
  if (kind?.kind === "empty") return kind.status;
  return "error" in answer ? answer.error.status : 200;
}
