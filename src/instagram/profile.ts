import type { AskFailure, GraphApi } from "@/instagram/client_api.ts";
import type { Ask } from "@/instagram/paced_ask.ts";
import { textOf } from "@/instagram/fields.ts";

export interface ProfileQuery {
  readonly accountId: string;
  readonly psid: string;
  readonly token: string;
}

/** What Instagram tells about a contact. `unavailable`: it will not tell, which is nothing to worry about. */
export type ProfileAnswer =
  | { readonly kind: "known"; readonly name?: string; readonly username?: string; readonly pictureUrl?: string }
  | { readonly kind: "unavailable"; readonly reason: string }
  | AskFailure;

/** Asking for one field that the node lacks fails the whole call, so only these are asked for. */
const fields = "name,username,profile_pic";

export async function fetchProfile(
  api: GraphApi,
  ask: Ask,
  { accountId, psid, token }: ProfileQuery,
): Promise<ProfileAnswer> {
  const answer = await ask(api, {
    path: `/${api.version}/${encodeURIComponent(psid)}`,
    query: { fields },
    accountId,
    token,
  });
  if (answer.kind === "fields") {
    return {
      kind: "known",
      name: textOf(answer.fields.name),
      username: textOf(answer.fields.username),
      pictureUrl: textOf(answer.fields.profile_pic),
    };
  }
  return isAnswer(answer) ? { kind: "unavailable", reason: answer.error.message } : answer;
}

/** Refusals of one contact's profile; they come by the hundred and are no reason for alarm. */
const refusals = ["fail", "recipient"] as const;

function isAnswer({ class: errorClass }: AskFailure): boolean {
  return refusals.some((refusal) => refusal === errorClass);
}
