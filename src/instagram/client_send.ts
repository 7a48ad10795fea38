import { type GraphApi, isSuccess, refusal } from "@/instagram/client_api.ts";
import type { GraphReply } from "@/instagram/client_http.ts";
import { isRecord, textOf } from "@/instagram/fields.ts";
import { retryAfter } from "@/instagram/retry_after.ts";
import type { ErrorClass } from "@/instagram/errors.ts";
import type { SendError } from "@/store/records.ts";

export interface TextToSend {
  readonly accountId: string;
  readonly token: string;
  readonly psid: string;
  /** At most 1,000 UTF-8 bytes. */
  readonly text: string;
  /** Only for what a person wrote after the 24 h window. */
  readonly tag?: "HUMAN_AGENT";
  /** Answers to tap: up to 13, of 20 characters each; a tap comes back as a message with the same words. */
  readonly quickReplies?: readonly string[];
  /** How long the answer is waited for. Default: the client's limit. */
  readonly timeoutMs?: number;
  /** Ends the waiting sooner; the outcome is then unknown. */
  readonly signal?: AbortSignal;
}

/** What became of one POST. Each but `sent` says why in Moca's words; `unlisted`: the code has no row yet. */
export type SendAnswer =
  | { readonly kind: "sent"; readonly mid: string }
  /** Surely not delivered: the request never reached Instagram. */
  | { readonly kind: "notSent"; readonly error: SendError }
  /** Surely not delivered: Instagram said no. */
  | {
    readonly kind: "refused";
    readonly class: Exclude<ErrorClass, "throttle" | "unknown">;
    readonly error: SendError;
    readonly unlisted: boolean;
  }
  /** Surely not delivered: too fast. */
  | {
    readonly kind: "throttled";
    readonly retryAfterMs?: number;
    readonly error: SendError;
    readonly unlisted: boolean;
  }
  /** Perhaps delivered. `answered`: Instagram is done with it, as an answer came. */
  | { readonly kind: "unknown"; readonly answered: boolean; readonly error: SendError; readonly unlisted: boolean };

/** POSTs one text. The request begins in the same synchronous run. */
export async function sendText(api: GraphApi, text: TextToSend): Promise<SendAnswer> {
  const path = `/${api.version}/me/messages`;
  const { accountId, token, signal, timeoutMs = api.requestMs } = text;
  const call = { method: "POST", path, accountId, token, signal, timeoutMs, body: bodyOf(text) } as const;
  return judgeReply(path, await api.http.call(call));
}

function bodyOf({ psid, text, tag, quickReplies }: TextToSend): unknown {
  const replies = quickReplies?.map((title) => ({ content_type: "text", title, payload: title }));
  return {
    recipient: { id: psid },
    message: { text, ...(replies === undefined ? {} : { quick_replies: replies }) },
    ...(tag === undefined ? {} : { messaging_type: "MESSAGE_TAG", tag }),
  };
}

function judgeReply(path: string, reply: GraphReply): SendAnswer {
  if (reply.kind === "notReached") return { kind: "notSent", error: { message: reply.message } };
  if (reply.kind === "silent") {
    return { kind: "unknown", answered: false, error: { message: reply.message }, unlisted: false };
  }
  return isSuccess(reply.status) ? judgeSuccess(reply) : judgeRefusal(path, reply);
}

type Answered = Extract<GraphReply, { kind: "answered" }>;

function judgeSuccess({ status, body }: Answered): SendAnswer {
  const mid = isRecord(body) ? textOf(body.message_id) ?? textOf(body.id) : undefined;
  if (mid !== undefined) return { kind: "sent", mid };
  const error = { message: "Instagram accepted it, but its answer could not be read", status };
  return { kind: "unknown", answered: true, error, unlisted: false };
}

function judgeRefusal(path: string, reply: Answered): SendAnswer {
  const { class: errorClass, error, unlisted } = refusal(path, reply);
  switch (errorClass) {
    case "throttle": {
      const retryAfterMs = retryAfter(reply.headers);
      return { kind: "throttled", error, unlisted, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    case "unknown":
      return { kind: "unknown", answered: reply.body !== undefined, error, unlisted };
    default:
      return { kind: "refused", class: errorClass, error, unlisted };
  }
}
