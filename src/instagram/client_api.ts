import { classifyGraphError, type GraphError } from "@/instagram/errors.ts";
import type { GraphCall, GraphHttp, GraphReply } from "@/instagram/client_http.ts";
import { getLogger } from "@/log.ts";
import type { SendError } from "@/store/records.ts";

/** What every call of the API needs. */
export interface GraphApi {
  readonly http: GraphHttp;
  /** E.g. `v25.0`. */
  readonly version: string;
  readonly requestMs: number;
}

/** Why something could not be asked. `class` is absent when no answer came. */
export interface AskFailure {
  readonly kind: "failed";
  readonly class?: GraphError["class"];
  readonly error: SendError;
  /** Set when Instagram said how long to wait. */
  readonly retryAfterMs?: number;
}

/** Reads something; the answer's fields, or why there are none. */
export async function ask(
  api: GraphApi,
  call: Omit<GraphCall, "method" | "timeoutMs">,
): Promise<{ readonly kind: "fields"; readonly fields: Readonly<Record<string, unknown>> } | AskFailure> {
  const reply = await api.http.call({ ...call, method: "GET", timeoutMs: api.requestMs });
  if (reply.kind !== "answered") return { kind: "failed", error: { message: reply.message } };
  if (isSuccess(reply.status) && isRecord(reply.body)) return { kind: "fields", fields: reply.body };
  const { class: errorClass, error } = refusal(call.path, reply);
  const retryAfterMs = retryAfter(reply.headers);
  return { kind: "failed", class: errorClass, error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Classifies an answer that is no success, and leaves a line in the log that Meta's support can use. */
export function refusal(path: string, reply: Extract<GraphReply, { kind: "answered" }>): GraphError {
  const found = classifyGraphError(reply.status, reply.body);
  const { code, subcode, status } = found.error;
  getLogger("instagram").warning("Instagram refused {path}: {reason}", {
    path,
    reason: found.error.message,
    class: found.class,
    status,
    code,
    subcode,
    trace: found.trace,
  });
  return found;
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field as text; ids may come as numbers. Undefined when it is absent or empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

const longestWaitMs = 24 * 3_600_000;

/**
 * How long Instagram wants to be left alone, in milliseconds, at most a day: by `Retry-After` in seconds or as
 * a date, or by the usage header's minutes. Undefined when it does not say.
 */
export function retryAfter(headers: Headers): number | undefined {
  const waits = [headerWaitMs(headers), ...usageWaits(headers.get("x-business-use-case-usage"))];
  const longest = Math.max(0, ...waits.filter((ms) => Number.isFinite(ms)));
  return longest === 0 ? undefined : Math.min(longest, longestWaitMs);
}

/** A date is measured against the answer's own, so that clocks that differ do not matter. */
function headerWaitMs(headers: Headers): number {
  const value = headers.get("retry-after") ?? "";
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1_000;
  return Date.parse(value) - Date.parse(headers.get("date") ?? "");
}

function usageWaits(header: string | null): number[] {
  try {
    const usage: unknown = JSON.parse(header ?? "{}");
    return isRecord(usage) ? Object.values(usage).flat().map(regainMs) : [];
  } catch {
    return [];
  }
}

function regainMs(entry: unknown): number {
  return isRecord(entry) ? Number(entry.estimated_time_to_regain_access) * 60_000 : Number.NaN;
}
