import type { SingleEvent } from "@/simulator/contact_event.ts";
import type { SimulatedMessage } from "@/store/records.ts";

/** In place of words that were taken back, which are not kept. */
const gone = "…";

/** What the contact does again. A message that was answered to is not there any more: a plain text takes its place. */
export function replayedEvent({ kind, text = "", payload = "", attachments, replyTo }: SimulatedMessage): SingleEvent {
  switch (kind) {
    case "quickReply":
    case "postback":
      return { kind, title: text === "" ? payload : text, payload };
    case "storyReply":
      return { kind, text, storyId: replyTo?.story?.id, url: replyTo?.story?.url };
    case "storyMention":
      return { kind, url: attachments[0]?.url };
    case "media":
    case "share":
      return attachment(attachments[0]);
    case "referral":
      return { kind, ref: payload };
    case "unsupported":
      return { kind };
    default:
      return { kind: "text", text: text === "" ? gone : text };
  }
}

/** What the contact does to that message again; undefined when the kind says something itself. */
export function replayedDeed(
  { kind, text = gone, reaction, editNumber }: SimulatedMessage,
  mid: string,
): SingleEvent | undefined {
  switch (kind) {
    case "edit":
      return { kind, mid, text, number: editNumber };
    case "unsend":
      return { kind, mid };
    case "reaction":
      return reaction?.action === "unreact"
        ? { kind, mid, action: "unreact" }
        : { kind, mid, action: "react", reaction: "other", emoji: reaction?.emoji };
    default:
      return undefined;
  }
}

function attachment(first: SimulatedMessage["attachments"][number] | undefined): SingleEvent {
  return first === undefined ? { kind: "unsupported" } : { kind: "attachment", type: first.type, url: first.url };
}
