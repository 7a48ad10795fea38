import { ask, type AskFailure, type GraphApi } from "@/instagram/client_api.ts";
import { isRecord, textOf } from "@/instagram/fields.ts";

/** Whose token it is. */
export type AccountAnswer =
  | {
    readonly kind: "account";
    readonly id: string;
    readonly username?: string;
    /** `BUSINESS`, `MEDIA_CREATOR`, …; absent when Instagram did not tell. */
    readonly accountType?: string;
  }
  | AskFailure;

export type RefreshAnswer =
  /** `expiresInMs` counts from now; absent when Instagram did not tell. */
  | { readonly kind: "refreshed"; readonly token: string; readonly expiresInMs?: number }
  | AskFailure;

const unreadable: AskFailure = { kind: "failed", error: { message: "Instagram's answer could not be read" } };

export async function fetchAccount(api: GraphApi, token: string): Promise<AccountAnswer> {
  const answer = await ask(api, {
    path: `/${api.version}/me`,
    query: { fields: "user_id,username,account_type" },
    token,
  });
  if (answer.kind === "failed") return answer;
  const fields = unwrap(answer.fields);
  const id = textOf(fields.user_id);
  const accountType = textOf(fields.account_type);
  return id === undefined
    ? unreadable
    : { kind: "account", id, username: textOf(fields.username), ...(accountType === undefined ? {} : { accountType }) };
}

/** Meta takes the token in the address here and nowhere else, so neither is ever shown or logged. */
export async function refreshToken(api: GraphApi, token: string): Promise<RefreshAnswer> {
  const answer = await ask(api, {
    path: "/refresh_access_token",
    query: { grant_type: "ig_refresh_token", access_token: token },
  });
  if (answer.kind === "failed") return answer;
  const renewed = textOf(answer.fields.access_token);
  if (renewed === undefined) return unreadable;
  const seconds = Number(answer.fields.expires_in);
  return { kind: "refreshed", token: renewed, ...(seconds > 0 ? { expiresInMs: seconds * 1_000 } : {}) };
}

/** Meta's sample wraps the answer in `data[]`, its servers do not. */
function unwrap(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const [first] = Array.isArray(fields.data) ? fields.data : [];
  return isRecord(first) ? first : fields;
}
