import type { GraphApi } from "@/instagram/client_api.ts";
import { isRecord, textOf } from "@/instagram/fields.ts";
import type { Attachment } from "@/store/records.ts";
import type { Ask } from "@/instagram/paced_ask.ts";

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
  /** Absent: none, or not asked for. */
  readonly attachments?: readonly Attachment[];
  /** Instagram shows it in its app only. */
  readonly unsupported?: true;
}

/** Instagram tells details of so many of a thread's newest messages, and of no older ones. */
export const threadReach = 20;

export type ThreadAnswer =
  /** Newest first, `threadReach` at most; none when the two have no thread. */
  | { readonly kind: "read"; readonly messages: readonly ThreadMessage[] }
  | { readonly kind: "unreadable"; readonly message: string; readonly retryAfterMs?: number };

/** Reads the newest messages of the thread with one contact: two calls. */
export async function readThread(
  api: GraphApi,
  ask: Ask,
  { accountId, token, psid }: ThreadQuery,
): Promise<ThreadAnswer> {
  const list = await ask(api, {
    path: `/${api.version}/me/conversations`,
    query: { platform: "instagram", user_id: psid },
    accountId,
    token,
  });
  if (list.kind === "failed") return unreadable(list);
  const threads = itemsOf(list.fields);
  if (threads === undefined) return { kind: "unreadable", message: "Instagram's answer could not be read" };
  const threadId = textOf(threads[0]?.id);
  if (threadId === undefined) return { kind: "read", messages: [] };
  const thread = await ask(api, {
    path: `/${api.version}/${encodeURIComponent(threadId)}`,
    query: { fields: "messages{id,created_time,from,to,message}" },
    accountId,
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
  const messages = messagesOf(fields);
  if (messages === undefined) return { kind: "unreadable", message: "Instagram's answer could not be read" };
  return { kind: "read", messages };
}

/** The messages in a thread's `messages` field, newest first; undefined when there is no such field. */
export function messagesOf(fields: Readonly<Record<string, unknown>>): readonly ThreadMessage[] | undefined {
  const items = isRecord(fields.messages) ? itemsOf(fields.messages) : undefined;
  return items?.flatMap(readMessage).sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, threadReach);
}

function readMessage(item: Readonly<Record<string, unknown>>): ThreadMessage[] {
  const mid = textOf(item.id);
  const at = new Date(textOf(item.created_time) ?? Number.NaN);
  if (mid === undefined || Number.isNaN(at.getTime())) return [];
  const fromId = isRecord(item.from) ? textOf(item.from.id) : undefined;
  return [{
    mid,
    at,
    text: textOf(item.message) ?? "",
    ...(item.attachments === undefined ? {} : { attachments: attachmentsOf(item.attachments) }),
    ...(item.is_unsupported === true ? { unsupported: true as const } : {}),
    ...(fromId === undefined ? {} : { fromId }),
  }];
}

/** Each attachment lies under a name of its own kind, and has its address there or beside it. */
function attachmentsOf(field: unknown): readonly Attachment[] {
  const items = isRecord(field) ? itemsOf(field) ?? [] : [];
  return items.map((item) => {
    if (isRecord(item.image_data)) return attachment("image", item.image_data.url);
    if (isRecord(item.video_data)) return attachment("video", item.video_data.url);
    return attachment(/^audio\//.test(textOf(item.mime_type) ?? "") ? "audio" : "file", item.file_url);
  });
}

function attachment(type: string, address: unknown): Attachment {
  const url = textOf(address);
  return { type, ...(url === undefined ? {} : { url }) };
}

export function itemsOf(
  page: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] | undefined {
  return Array.isArray(page.data) ? page.data.filter(isRecord) : undefined;
}
