import type { Attachment, MessageKind } from "@/store/records.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { attachmentShape, type ItemMessage, type ItemReferral } from "@/instagram/parse/shapes.ts";

/** What an item says, without who said it to whom and when. */
export type Content =
  & Pick<InboundEvent, "key" | "kind">
  & Partial<
    Pick<
      InboundEvent,
      "mid" | "refMid" | "text" | "attachments" | "replyTo" | "payload" | "referral" | "reaction" | "editNumber"
    >
  >;

/** Attachments kept of one message; Instagram gives ten at most. */
const maxAttachments = 100;

/** Posts, reels and stories that somebody passed on. */
const shareTypes: ReadonlySet<string> = new Set(["share", "ig_post", "ig_reel", "reel", "ig_story", "story"]);

/**
 * Reads `message`. Several attachments under one mid stay one event. Without a mid the hash of the item
 * stands in for it; a message that has neither mid nor anything to show answers undefined.
 */
export function readMessage(message: ItemMessage, hash: () => string): Content | undefined {
  const { mid, text, is_deleted: isDeleted } = message;
  if (isDeleted) return mid === undefined ? undefined : { kind: "unsend", key: `del:${mid}`, refMid: mid };
  const attachments = readAttachments(message.attachments);
  const kind = kindOf(message, attachments);
  if (mid === undefined && kind === "unsupported" && !message.is_unsupported) return undefined;
  return {
    kind,
    key: `msg:${mid ?? hash()}`,
    mid,
    text,
    attachments,
    replyTo: message.reply_to,
    payload: message.quick_reply?.payload,
    referral: readReferral(message.referral),
  };
}

function kindOf(message: ItemMessage, attachments: readonly Attachment[]): MessageKind {
  const has = (wanted: (type: string) => boolean): boolean => attachments.some(({ type }) => wanted(type));
  if (message.is_unsupported) return "unsupported";
  if (message.quick_reply !== undefined) return "quickReply";
  if (message.reply_to?.story !== undefined) return "storyReply";
  if (has((type) => type === "story_mention")) return "storyMention";
  if (has((type) => shareTypes.has(type))) return "share";
  if (attachments.length > 0) return "media";
  if ((message.text ?? "") !== "") return "text";
  return message.referral === undefined ? "unsupported" : "referral";
}

/** Unknown types keep Meta's word; entries that are no attachments at all are shown as type `unknown`. */
function readAttachments(list: readonly unknown[] = []): readonly Attachment[] {
  return list.slice(0, maxAttachments).map((entry): Attachment => {
    const { type, payload } = attachmentShape.safeParse(entry).data ?? {};
    return { type: type ?? "unknown", url: payload?.url ?? payload?.story_media_url, title: payload?.title };
  });
}

/** The referral with the fields that were given; undefined when there is none. */
export function readReferral(referral: ItemReferral): Readonly<Record<string, unknown>> | undefined {
  if (referral === undefined) return undefined;
  return Object.fromEntries(Object.entries(referral).filter(([, value]) => value !== undefined));
}
