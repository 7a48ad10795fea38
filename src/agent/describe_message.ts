import type { Attachment, Message } from "@/store/records.ts";
import { takenBackWords } from "@/conversation/forget.ts";
import { visibleText } from "@/agent/invisible.ts";

/** The most that the model is shown of one message, in UTF-16 units; Instagram takes 1,000 bytes. */
const maxShown = 2_000;

const attachmentWords: Readonly<Record<string, string>> = {
  "image": "a picture that cannot be seen",
  "video": "a video that cannot be seen",
  "audio": "a voice message that cannot be heard",
  "file": "a file that cannot be opened",
  "share": "a shared post that cannot be seen",
  "ig_post": "a shared post that cannot be seen",
  "ig_reel": "a shared reel that cannot be seen",
  "reel": "a shared reel that cannot be seen",
  "story_mention": "a story that mentions the business and cannot be seen",
  "ig_story": "a story that cannot be seen",
  "like_heart": "a heart",
};

/**
 * A message as the model reads it: the words, and in brackets what it cannot see or hear. Only this copy is
 * cleaned of invisible characters and of signs that could close the frame around it. `pictures`: addresses of those
 * that the model is shown.
 */
export function describeMessage(message: Message, pictures: readonly string[] = []): string {
  if (message.unsentAt !== undefined) return takenBackWords;
  const notes = [originNote(message), ...message.attachments.map((one) => attachmentNote(one, pictures))].filter((
    note,
  ) => note !== undefined);
  const text = asData(message.text ?? "");
  const shown = [text, ...notes.map((note) => `[${note}]`)].filter((part) => part !== "").join(" ");
  return shown === "" ? "[a message of a kind that Instagram does not pass on]" : shown;
}

/** Somebody else's text as data: without invisible characters, and unable to open or close a tag. */
export function asData(text: string): string {
  const visible = visibleText(text).replaceAll("<", "‹").replaceAll(">", "›").trim();
  return visible.length <= maxShown ? visible : `${visible.slice(0, maxShown)} [cut here]`;
}

/** Texts compare equal after this when a person would call them the same. */
export function comparable(text: string): string {
  return visibleText(text).normalize("NFKC").replaceAll("‹", "<").replaceAll("›", ">")
    .toLowerCase().replace(/\s+/g, " ").trim();
}

function attachmentNote({ type, title, url = "" }: Attachment, pictures: readonly string[]): string {
  const number = pictures.indexOf(url) + 1;
  if (number > 0) return `picture ${number}, which you are shown`;
  const words = Object.hasOwn(attachmentWords, type) ? attachmentWords[type] : "an attachment that cannot be seen";
  return title === undefined || title === "" ? words : `${words}, titled "${asData(title)}"`;
}

function originNote(message: Message): string | undefined {
  switch (message.kind) {
    case "storyReply":
      return "in reply to a story of the business";
    case "storyMention":
      return message.attachments.length === 0 ? "mentions the business in a story that cannot be seen" : undefined;
    case "postback":
      return "pressed a button";
    case "quickReply":
      return "chose a suggested answer";
    case "referral":
      return `came through ${referralWords(message.referral)}`;
    default:
      return message.replyTo?.mid === undefined ? undefined : "in reply to an earlier message";
  }
}

function referralWords(referral: Message["referral"]): string {
  const source = typeof referral?.source === "string" ? referral.source : "";
  const ref = typeof referral?.ref === "string" && referral.ref !== "" ? `, marked "${asData(referral.ref)}"` : "";
  return source === "ADS" ? `an advertisement${ref}` : `a link${ref}`;
}
