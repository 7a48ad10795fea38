import pThrottle from "p-throttle";
import { ask, type GraphApi, isRecord, textOf } from "@/instagram/client_api.ts";

/** At most `limit` calls in any `intervalMs`. */
export interface ReadPace {
  readonly limit: number;
  readonly intervalMs: number;
}

export interface ThreadQuery {
  readonly accountId: string;
  readonly token: string;
  readonly psid: string;
}

export interface ThreadMessage {
  readonly mid: string;
  /** Instagram's time, in whole seconds. */
  readonly at: Date;
  /** The sender's id; absent when Instagram does not tell. */
  readonly fromId?: string;
  /** Empty when the message has no text. */
  readonly text: string;
}

/** Instagram tells details of so many of a thread's newest messages, and of no older ones. */
export const threadReach = 20;

export type ThreadAnswer =
  /** Newest first, `threadReach` at most; none when the two have no thread. */
  | { readonly kind: "read"; readonly messages: readonly ThreadMessage[] }
  | { readonly kind: "unreadable"; readonly message: string; readonly retryAfterMs?: number };

type Ask = typeof ask;

/** Makes the function that reads threads; each account's calls are held to the pace. */
export function makeThreadReader(api: GraphApi, pace: ReadPace): (query: ThreadQuery) => Promise<ThreadAnswer> {
  const asks = new Map<string, Ask>();
  const pacedAsk = (accountId: string): Ask => {
    const known = asks.get(accountId);
    if (known !== undefined) return known;
    const paced: Ask = pThrottle({ limit: pace.limit, interval: pace.intervalMs, strict: true })(ask);
    asks.set(accountId, paced);
    return paced;
  };
  return (query) => readThread(api, pacedAsk(query.accountId), query);
}

async function readThread(api: GraphApi, pacedAsk: Ask, { token, psid }: ThreadQuery): Promise<ThreadAnswer> {
  const list = await pacedAsk(api, {
    path: `/${api.version}/me/conversations`,
    query: { platform: "instagram", user_id: psid },
    token,
  });
  if (list.kind === "failed") return unreadable(list);
  const threads = itemsOf(list.fields);
  if (threads === undefined) return { kind: "unreadable", message: "Instagram's answer could not be read" };
  const threadId = textOf(threads[0]?.id);
  if (threadId === undefined) return { kind: "read", messages: [] };
  const thread = await pacedAsk(api, {
    path: `/${api.version}/${encodeURIComponent(threadId)}`,
    query: { fields: "messages{id,created_time,from,to,message}" },
    token,
  });
  return thread.kind === "failed" ? unreadable(thread) : readMessages(thread.fields);
}

function unreadable({ error, retryAfterMs }: { error: { message: string }; retryAfterMs?: number }): ThreadAnswer {
  return {
    kind: "unreadable",
    message: error.message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function readMessages(fields: Readonly<Record<string, unknown>>): ThreadAnswer {
  const items = isRecord(fields.messages) ? itemsOf(fields.messages) : undefined;
  if (items === undefined) return { kind: "unreadable", message: "Instagram's answer could not be read" };
  const messages = items.flatMap(readMessage).sort((a, b) => b.at.getTime() - a.at.getTime());
  return { kind: "read", messages: messages.slice(0, threadReach) };
}

function readMessage(item: Readonly<Record<string, unknown>>): ThreadMessage[] {
  const mid = textOf(item.id);
  const at = new Date(textOf(item.created_time) ?? Number.NaN);
  if (mid === undefined || Number.isNaN(at.getTime())) return [];
  const fromId = isRecord(item.from) ? textOf(item.from.id) : undefined;
  return [{ mid, at, text: textOf(item.message) ?? "", ...(fromId === undefined ? {} : { fromId }) }];
}

function itemsOf(page: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] | undefined {
  return Array.isArray(page.data) ? page.data.filter(isRecord) : undefined;
}
