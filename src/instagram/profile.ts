import { ask, type AskFailure, type GraphApi, textOf } from "@/instagram/client_api.ts";

/** What Instagram tells about a contact. `unavailable`: it will not tell, which is nothing to worry about. */
export type ProfileAnswer =
  | { readonly kind: "known"; readonly name?: string; readonly username?: string; readonly pictureUrl?: string }
  | { readonly kind: "unavailable"; readonly reason: string }
  | AskFailure;

/** Asking for one field that the node lacks fails the whole call, so only these are asked for. */
const fields = "name,username,profile_pic";

export async function fetchProfile(
  api: GraphApi,
  { psid, token }: { readonly psid: string; readonly token: string },
): Promise<ProfileAnswer> {
  const answer = await ask(api, { path: `/${api.version}/${encodeURIComponent(psid)}`, query: { fields }, token });
  if (answer.kind === "fields") {
    return {
      kind: "known",
      name: textOf(answer.fields.name),
      username: textOf(answer.fields.username),
      pictureUrl: textOf(answer.fields.profile_pic),
    };
  }
  const isNoAlarm = answer.class === "fail" || answer.class === "recipient";
  return isNoAlarm ? { kind: "unavailable", reason: answer.error.message } : answer;
}
