import { classifyGraphError, type GraphError } from "@/instagram/errors.ts";
import type { GraphCall, GraphHttp, GraphReply } from "@/instagram/client_http.ts";
import { isRecord } from "@/instagram/fields.ts";
import { retryAfter } from "@/instagram/retry_after.ts";
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

export interface Question extends Omit<GraphCall, "method" | "timeoutMs"> {
  /** Classes of refusal that are an answer too: they leave no warning in the log. Default none. */
  readonly expects?: readonly GraphError["class"][];
}

/** Reads something; the answer's fields, or why there are none. */
export async function ask(
  api: GraphApi,
  { expects = [], ...call }: Question,
): Promise<{ readonly kind: "fields"; readonly fields: Readonly<Record<string, unknown>> } | AskFailure> {
  const reply = await api.http.call({ ...call, method: "GET", timeoutMs: api.requestMs });
  if (reply.kind !== "answered") return { kind: "failed", error: { message: reply.message } };
  if (isSuccess(reply.status) && isRecord(reply.body)) return { kind: "fields", fields: reply.body };
  const { class: errorClass, error } = refusal(call.path, reply, expects);
  const retryAfterMs = retryAfter(reply.headers);
  return { kind: "failed", class: errorClass, error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Classifies an answer that is no success, and leaves a line in the log that Meta's support can use. */
export function refusal(
  path: string,
  reply: Extract<GraphReply, { kind: "answered" }>,
  expects: readonly GraphError["class"][] = [],
): GraphError {
  const found = classifyGraphError(reply.status, reply.body);
  const { code, subcode, status } = found.error;
  const level = expects.includes(found.class) ? "debug" : "warning";
  getLogger("instagram")[level]("Instagram refused {path}: {reason}", {
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
