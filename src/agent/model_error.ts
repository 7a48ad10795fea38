/** A call that gave no usable answer: in words that hold no secret, no text of the conversation and no stack. */
export interface ModelFailure {
  readonly reason: string;
  /** True: the provider failed, not the model's answer. Default false. */
  readonly isProvider?: boolean;
  /** True: the provider does not take the request as it is. Default false. */
  readonly isBadRequest?: boolean;
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfterMs?: number;
}

/** The longest wait that a provider may ask for. */
const maxRetryAfterMs = 3_600_000;

/** What an error thrown by the model's client means. */
export function describeModelError(error: unknown, now: Date): ModelFailure {
  const { status = 0 } = readError(error);
  const isBadRequest = status === 400 || status === 415 || status === 422;
  return { ...meaningOf(error, now), isProvider: true, isBadRequest };
}

function meaningOf(error: unknown, now: Date): ModelFailure {
  const { status, code, headers, name } = readError(error);
  if (status !== undefined) {
    const detail = code === undefined ? "" : ` (${code})`;
    return { reason: `the model's provider answered ${status}${detail}`, ...retryAfter(headers, now) };
  }
  if (name === "TypeError" || name === "SyntaxError") return { reason: "the model's answer could not be read" };
  if (/timeout/i.test(name)) return { reason: "the model did not answer in time" };
  if (/connection/i.test(name)) return { reason: "the model's provider could not be reached" };
  return { reason: `asking the model failed (${name})` };
}

interface ErrorParts {
  readonly status?: number;
  /** The provider's own short word, such as `invalid_api_key`. */
  readonly code?: string;
  readonly headers?: Headers;
  readonly name: string;
}

function readError(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return { name: typeof error };
  const status = "status" in error && typeof error.status === "number" ? error.status : undefined;
  const code = "code" in error && typeof error.code === "string" && /^[a-z_.-]{1,60}$/.test(error.code);
  const headers = "headers" in error && error.headers instanceof Headers ? error.headers : undefined;
  return {
    status,
    ...(code ? { code: String(error.code) } : {}),
    headers,
    name: error.name === "Error" ? error.constructor.name : error.name,
  };
}

/** `Retry-After` in seconds or as a date, or OpenAI's `retry-after-ms`. */
function retryAfter(headers: Headers | undefined, now: Date): { retryAfterMs?: number } {
  const ms = Number(headers?.get("retry-after-ms") ?? NaN);
  if (ms > 0) return { retryAfterMs: Math.min(ms, maxRetryAfterMs) };
  const header = headers?.get("retry-after")?.trim();
  if (header === undefined || header === "") return {};
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now.getTime() : seconds * 1_000;
  return wait > 0 ? { retryAfterMs: Math.min(wait, maxRetryAfterMs) } : {};
}
