import { ask, type AskFailure, type GraphApi } from "@/instagram/client_api.ts";
import { isRecord } from "@/instagram/fields.ts";
import { makeGraphHttp } from "@/instagram/client_http.ts";
import type { InstagramClientOptions } from "@/instagram/client.ts";

/** The webhook fields that an account is subscribed to; none when it is not subscribed at all. */
export type SubscribedFieldsAnswer =
  | { readonly kind: "subscribed"; readonly fields: readonly string[] }
  | AskFailure;

/** Asks Instagram once. The account is named by its id: `me` is said not to work on this node. */
export async function askSubscribedFields(
  { graph, clock, requestMs = 15_000 }: InstagramClientOptions,
  { accountId, token }: { readonly accountId: string; readonly token: string },
): Promise<SubscribedFieldsAnswer> {
  using http = makeGraphHttp({ url: graph.url, clock });
  return await fetchSubscribedFields({ http, version: graph.version, requestMs }, { accountId, token });
}

async function fetchSubscribedFields(
  api: GraphApi,
  { accountId, token }: { readonly accountId: string; readonly token: string },
): Promise<SubscribedFieldsAnswer> {
  const path = `/${api.version}/${encodeURIComponent(accountId)}/subscribed_apps`;
  const answer = await ask(api, { path, token });
  if (answer.kind === "failed") return answer;
  const apps = Array.isArray(answer.fields.data) ? answer.fields.data.filter(isRecord) : [];
  return { kind: "subscribed", fields: [...new Set(apps.flatMap((app) => fieldsOf(app.subscribed_fields)))] };
}

function fieldsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((field) => typeof field === "string") : [];
}
