import type { Clock } from "@/clock.ts";
import { effectOfOrder, type FaultOrder } from "./faults.ts";
import { errorBody, type GraphAnswer } from "./graph_error.ts";

export interface FaultyResponseOptions {
  readonly clock: Clock;
  /** Aborts when the caller has gone, or the pretend Instagram is closing. */
  readonly signal: AbortSignal;
  readonly drop: () => void;
  /** Before this has resolved, nothing leaves. */
  readonly ready: Promise<void>;
}

/** The answer on the wire, spoilt in the way that the fault says. */
export async function faultyResponse(
  answer: GraphAnswer,
  fault: FaultOrder | undefined,
  { clock, signal, drop, ready }: FaultyResponseOptions,
): Promise<Response> {
  const spoilt = fault === undefined ? undefined : effectOfOrder(fault).answer;
  await Promise.all([ready, spoilt?.kind === "slow" ? clock.wait(fault?.delayMs ?? 3_000, signal) : undefined]);
  switch (spoilt?.kind) {
    case "empty":
      return new Response(null, { status: spoilt.status, headers: pauseHeaders(fault, spoilt.status) });
    case "error":
      return whole(answer, pauseHeaders(fault));
    case "none":
      await aborted(signal);
      return new Response(null, { status: 500 });
    case "drop":
      drop();
      return new Response(null, { status: 500 });
    case "cut":
      return jsonStream(answer, (bytes) => breakAt(bytes, fault?.atByte ?? Math.ceil(bytes.length / 2)));
    case "drip":
      return jsonStream(answer, (bytes) => byteBySecond(bytes, clock, signal));
    default:
      return whole(answer);
  }
}

/** How long Instagram wants to be left alone; after a plain 429 it is 2 s unless the order says otherwise. */
function pauseHeaders(fault: FaultOrder | undefined, status?: number): Record<string, string> {
  const value = fault?.retryAfter ?? (status === 429 ? "2" : undefined);
  return value === undefined ? {} : { "retry-after": value };
}

function whole(answer: GraphAnswer, headers: Record<string, string> = {}): Response {
  return "error" in answer
    ? Response.json(errorBody(answer.error), { status: answer.error.status, headers })
    : Response.json(answer.body);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

type Spoil = (bytes: Uint8Array<ArrayBuffer>) => ReadableStream<Uint8Array<ArrayBuffer>>;

async function jsonStream(answer: GraphAnswer, spoil: Spoil): Promise<Response> {
  const response = whole(answer);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = { "content-type": "application/json", "content-length": String(bytes.length) };
  return new Response(spoil(bytes), { status: response.status, headers });
}

/** Ends before the promised length, upon which the server closes the connection. */
function breakAt(bytes: Uint8Array<ArrayBuffer>, atByte: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from([bytes.slice(0, Math.min(atByte, bytes.length - 1))]);
}

function byteBySecond(
  bytes: Uint8Array<ArrayBuffer>,
  clock: Clock,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  return new ReadableStream({
    async pull(controller): Promise<void> {
      if (next > 0) await clock.wait(1_000, signal);
      if (next >= bytes.length || signal.aborted) return controller.close();
      controller.enqueue(bytes.slice(next, next + 1));
      next += 1;
    },
  });
}
