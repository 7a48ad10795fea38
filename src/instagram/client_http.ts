import type { Clock } from "@/clock.ts";

/** One call of the Graph API. */
export interface GraphCall {
  readonly method: "GET" | "POST";
  /** Whose limits it counts against; absent: that is not known. */
  readonly accountId?: string;
  /** Below the API's address, e.g. `/v25.0/me/messages`. */
  readonly path: string;
  /** Never a token, but for the one call that takes it nowhere else. */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent in the `Authorization` header. */
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long the whole answer is waited for. */
  readonly timeoutMs: number;
  /** Ends the waiting sooner. */
  readonly signal?: AbortSignal;
}

/** What came back. */
export type GraphReply =
  /** An answer with a status; `body` is its JSON, or undefined when it is cut or no JSON. */
  | { readonly kind: "answered"; readonly status: number; readonly headers: Headers; readonly body: unknown }
  /** The request surely never reached Instagram. */
  | { readonly kind: "notReached"; readonly message: string }
  /** The request may have reached Instagram; no answer did. */
  | { readonly kind: "silent"; readonly message: string };

/** Makes calls of the Graph API, each of them exactly once. */
export interface GraphHttp extends Disposable {
  call(call: GraphCall): Promise<GraphReply>;
}

/**
 * Deno repeats a request by itself when a kept connection dies under it, a POST as well. With no connection
 * kept and none shared, each call is one request (C25).
 */
export function makeGraphHttp(options: { readonly url: string; readonly clock: Clock }): GraphHttp {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0, http2: false });
  return {
    call: (call) => request(call, { ...options, client }),
    [Symbol.dispose]: () => client.close(),
  };
}

interface Transport {
  readonly url: string;
  readonly clock: Clock;
  readonly client: Deno.HttpClient;
}

async function request(call: GraphCall, { url, clock, client }: Transport): Promise<GraphReply> {
  const ended = new AbortController();
  const overdue = new AbortController();
  const waiting = clock.wait(call.timeoutMs, ended.signal).then(() => overdue.abort());
  const signal = call.signal === undefined ? overdue.signal : AbortSignal.any([overdue.signal, call.signal]);
  try {
    const response = await fetch(addressOf(url, call), {
      ...requestOf(call),
      client,
      signal,
      redirect: "manual",
    });
    return { kind: "answered", status: response.status, headers: response.headers, body: await readJson(response) };
  } catch (error) {
    return judgeFailure(error, signal.aborted);
  } finally {
    ended.abort();
    await waiting;
  }
}

function addressOf(url: string, { path, query = {} }: GraphCall): string {
  const search = new URLSearchParams(query).toString();
  return `${url}${path}${search === "" ? "" : `?${search}`}`;
}

function requestOf({ method, token, body }: GraphCall): RequestInit {
  return {
    method,
    headers: {
      accept: "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** The body as JSON, or undefined when it breaks off or is none. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text(), keepLongNumbers);
  } catch {
    return undefined;
  }
}

/** Instagram's ids are longer than a number can hold; where one comes as a number, its digits are kept as text. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isTooLong = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isTooLong && context?.source !== undefined ? context.source : value;
}

/** Only what the transport itself calls a failed connection counts as never reached; a time-out never does. */
function judgeFailure(error: unknown, isAborted: boolean): GraphReply {
  if (isAborted) return { kind: "silent", message: "no answer came in time" };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
  const isNotReached = cause.includes("client error (Connect)") || error instanceof Deno.errors.NotCapable;
  return isNotReached
    ? { kind: "notReached", message: "Instagram could not be reached" }
    : { kind: "silent", message: "the connection broke before an answer came" };
}
