/** The one shape in which the API says no. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { getLogger } from "@/log.ts";
import { StoreUnavailableError } from "@/store/store.ts";

const statuses = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  window_closed: 409,
  draft_overtaken: 409,
  too_large: 413,
  invalid: 422,
  command_mismatch: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof statuses;

/** What is wrong with each field, by its name. */
export type FieldProblems = Readonly<Record<string, string>>;

/** `{"error":{"code","message","fields"}}`; `fields` is empty when no single field is to blame. */
export function refuse(c: Context, code: RefusalCode, message: string, fields: FieldProblems = {}): Response {
  return c.json({ error: { code, message, fields } }, statuses[code]);
}

export function refuseUnknown(c: Context, what: string): Response {
  return refuse(c, "not_found", `There is no such ${what}`);
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** For `zValidator`: answers 422 for a body and 400 for a query that is not what is wanted, naming each field. */
export function refuseInvalid(
  result: {
    readonly success: boolean;
    readonly target: string;
    readonly error?: { readonly issues: readonly Issue[] };
  },
  c: Context,
): Response | undefined {
  if (result.success) return undefined;
  const fields = Object.fromEntries((result.error?.issues ?? []).flatMap(fieldsOf).reverse());
  const code = result.target === "json" ? "invalid" : "bad_request";
  return refuse(c, code, `Cannot read the request: see ${Object.keys(fields).join(", ") || "its body"}`, fields);
}

function fieldsOf({ code, path, message, keys = [] }: Issue): readonly (readonly [string, string])[] {
  if (code === "unrecognized_keys") return keys.map((key) => [[...path, key].join("."), "there is no such field"]);
  return [[path.join(".") || "body", message]];
}

/** The last resort: what was not expected is told to the log and to nobody else. */
export function refuseError(error: Error, c: Context): Response {
  if (error instanceof StoreUnavailableError) return refuse(c, "unavailable", "The store cannot be reached; try again");
  if (error instanceof HTTPException && error.status === 400) {
    return refuse(c, "bad_request", "Cannot read the request: its body is not JSON");
  }
  getLogger("api").error("{method} {path} failed: {error}", { method: c.req.method, path: c.req.path, error });
  return refuse(c, "internal", "Something went wrong; the log says more");
}
