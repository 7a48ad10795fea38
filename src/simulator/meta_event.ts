import type { SingleEvent } from "./contact_event.ts";
import type { EnvelopeEvent } from "./envelope.ts";

type Body = Readonly<Record<string, unknown>>;

/** The facts around an event that Meta adds to it. */
export interface EventFrame {
  readonly accountId: string;
  readonly psid: string;
  readonly at: Date;
  /** The event's own message id; for an event about another message, that message's. */
  readonly mid: string;
  /** For an edit: how many there have been, this one included. */
  readonly editNumber: number;
}

const cdn = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=17860000000000001&signature=AYtest";

/** A contact's doing as the item of an envelope that Meta makes of it. */
export function toMetaEvent(event: SingleEvent, frame: EventFrame): EnvelopeEvent {
  const head = { sender: { id: frame.psid }, recipient: { id: frame.accountId }, timestamp: frame.at.getTime() };
  return { list: event.kind === "standby" ? "standby" : "messaging", body: { ...head, ...content(event, frame) } };
}

/** What Instagram tells about a message of the business's own side. */
export function toEchoEvent(text: string, { accountId, psid, at, mid }: Omit<EventFrame, "editNumber">): EnvelopeEvent {
  const head = { sender: { id: accountId }, recipient: { id: psid }, timestamp: at.getTime() };
  return { list: "messaging", body: { ...head, message: { mid, text, is_echo: true } } };
}

function content(event: SingleEvent, { mid, editNumber }: EventFrame): Body {
  switch (event.kind) {
    case "postback":
      return { postback: { mid, title: event.title, payload: event.payload } };
    case "reaction":
      return { reaction: reactionOf(event) };
    case "seen":
      return { read: { mid: event.mid } };
    case "edit":
      return { message_edit: { mid: event.mid, text: event.text, num_edit: editNumber } };
    case "referral":
      return { referral: { ref: event.ref, source: event.source ?? "IGME-SOURCE-LINK", type: "OPEN_THREAD" } };
    default:
      return { message: { mid, ...messageOf(event) } };
  }
}

type MessageEvent = Exclude<
  SingleEvent,
  { readonly kind: "postback" | "reaction" | "seen" | "edit" | "referral" }
>;

function messageOf(event: MessageEvent): Body {
  switch (event.kind) {
    case "text":
      return { text: event.text, ...(event.replyTo === undefined ? {} : { reply_to: { mid: event.replyTo } }) };
    case "standby":
      return { text: event.text };
    case "quickReply":
      return { text: event.title, quick_reply: { payload: event.payload } };
    case "storyReply":
      return { text: event.text, reply_to: { story: storyOf(event.storyId, event.url) } };
    case "unsend":
      return { mid: event.mid, is_deleted: true };
    case "unsupported":
      return { is_unsupported: true };
    case "viewOnce":
      return { attachments: [{ type: "ephemeral" }] };
    case "share":
      return attached("ig_post", {
        url: event.url ?? cdn,
        title: event.title ?? "",
        ig_post_media_id: "17900000000000001",
      });
    case "storyMention":
      return attached("story_mention", { url: event.url ?? cdn });
    case "attachment":
      return attached(event.type, event.url === undefined ? {} : { url: event.url });
    case "voice":
      return attached("audio", { url: event.url ?? cdn });
    case "image":
    case "video":
    case "file":
      return attached(event.kind, { url: event.url ?? cdn });
  }
}

function attached(type: string, payload: Body): Body {
  return { attachments: [{ type, payload }] };
}

function storyOf(id: string = "17940000000000001", url: string = cdn): Body {
  return { id, url };
}

function reactionOf(event: Extract<SingleEvent, { readonly kind: "reaction" }>): Body {
  if (event.action === "unreact") return { mid: event.mid, action: "unreact" };
  return { mid: event.mid, action: "react", reaction: event.reaction ?? "love", emoji: event.emoji ?? "\u2764\ufe0f" };
}
