import type { AskFailure, GraphApi } from "@/instagram/client_api.ts";
import { itemsOf, messagesOf, type ThreadMessage } from "@/instagram/client_thread.ts";
import { isRecord, textOf } from "@/instagram/fields.ts";
import type { Ask } from "@/instagram/paced_ask.ts";

export interface ThreadListQuery {
  readonly accountId: string;
  readonly token: string;
  /** As answered by the page before. */
  readonly after?: string;
}

/** One thread of the account's list. */
export interface ThreadHead {
  readonly id: string;
  /** Of its newest message. */
  readonly updatedAt: Date;
  readonly participants: readonly { readonly id: string; readonly username?: string }[];
  /** Ids and times of its newest messages; absent when Instagram would not tell them here. */
  readonly newest?: readonly { readonly mid: string; readonly at: Date }[];
}

export type ThreadListAnswer =
  /** Newest first. `after` asks for the next page; absent on the last. */
  | { readonly kind: "threads"; readonly threads: readonly ThreadHead[]; readonly after?: string }
  | AskFailure;

export interface WholeThreadQuery {
  readonly accountId: string;
  readonly token: string;
  readonly threadId: string;
}

export type WholeThreadAnswer =
  /** Newest first, `threadReach` at most. */
  | { readonly kind: "read"; readonly messages: readonly ThreadMessage[] }
  | AskFailure;

export interface ThreadBrowser {
  /** A page of the account's threads. */
  readonly listThreads: (query: ThreadListQuery) => Promise<ThreadListAnswer>;
  /** The newest messages of a thread, with all that Instagram tells of them. */
  readonly readWholeThread: (query: WholeThreadQuery) => Promise<WholeThreadAnswer>;
}

const unreadable: AskFailure = { kind: "failed", error: { message: "Instagram's answer could not be read" } };

/** Not documented for every kind of login; a refusal of them is met with the plain fields, once and for all. */
const listFields = ["id,updated_time,participants,messages.limit(20){id,created_time}", "id,updated_time,participants"];
const plainMessage = "id,created_time,from,to,message,is_unsupported";
const threadFields = [`messages{${plainMessage},attachments}`, `messages{${plainMessage}}`];

const pageSize = "25";

export function makeThreadBrowser(api: GraphApi, askFor: (accountId: string) => Ask): ThreadBrowser {
  const askList = withFallback(listFields);
  const askThread = withFallback(threadFields);
  return {
    listThreads: async ({ accountId, token, after }) => {
      const path = `/${api.version}/me/conversations`;
      const rest = { platform: "instagram", limit: pageSize, ...(after === undefined ? {} : { after }) };
      const answer = await askList((fields) =>
        askFor(accountId)(api, { path, query: { ...rest, fields }, accountId, token })
      );
      return answer.kind === "failed" ? answer : readList(answer.fields);
    },
    readWholeThread: async ({ accountId, token, threadId }) => {
      const path = `/${api.version}/${encodeURIComponent(threadId)}`;
      const answer = await askThread((fields) => askFor(accountId)(api, { path, query: { fields }, accountId, token }));
      if (answer.kind === "failed") return answer;
      const messages = messagesOf(answer.fields);
      return messages === undefined ? unreadable : { kind: "read", messages };
    },
  };
}

type AskFields = (fields: string) => ReturnType<Ask>;

/** Asks for the richest fields that were not refused so far. */
function withFallback([rich = "", plain = rich]: readonly string[]): (askWith: AskFields) => ReturnType<Ask> {
  let isRichRefused = false;
  return async (askWith) => {
    if (isRichRefused) return await askWith(plain);
    const answer = await askWith(rich);
    if (answer.kind !== "failed" || !isAboutFields(answer)) return answer;
    const again = await askWith(plain);
    isRichRefused = again.kind !== "failed";
    return again;
  };
}

/** A wrong parameter, or "reduce the amount of data": the same question with fewer fields may be answered. */
function isAboutFields({ class: errorClass, error }: AskFailure): boolean {
  return (errorClass === "fail" && error.code === 100 && error.subcode !== 33) || errorClass === "retry";
}

function readList(fields: Readonly<Record<string, unknown>>): ThreadListAnswer {
  const items = itemsOf(fields);
  if (items === undefined) return unreadable;
  const paging = isRecord(fields.paging) ? fields.paging : {};
  const cursors = isRecord(paging.cursors) ? paging.cursors : {};
  const after = textOf(paging.next) === undefined ? undefined : textOf(cursors.after);
  return { kind: "threads", threads: items.flatMap(readHead), ...(after === undefined ? {} : { after }) };
}

function readHead(item: Readonly<Record<string, unknown>>): ThreadHead[] {
  const id = textOf(item.id);
  const updatedAt = new Date(textOf(item.updated_time) ?? Number.NaN);
  if (id === undefined || Number.isNaN(updatedAt.getTime())) return [];
  const newest = messagesOf(item)?.map(({ mid, at }) => ({ mid, at }));
  return [{ id, updatedAt, participants: participantsOf(item.participants), ...(newest && { newest }) }];
}

function participantsOf(field: unknown): ThreadHead["participants"] {
  const items = isRecord(field) ? itemsOf(field) ?? [] : [];
  return items.flatMap((item) => {
    const id = textOf(item.id);
    const username = textOf(item.username);
    return id === undefined ? [] : [{ id, ...(username === undefined ? {} : { username }) }];
  });
}
