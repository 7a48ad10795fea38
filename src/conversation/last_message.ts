import type { LastMessage, Message } from "@/store/records.ts";
import { type Change, withConversation } from "@/conversation/aggregate.ts";
import { comesAfter } from "@/conversation/fold_message.ts";

/** The most that the inbox shows of a message, in UTF-16 units. */
const previewLength = 200;

/** Keeps the conversation's newest message at hand, whatever order messages and edits arrive in. */
export function noteLastMessage(change: Change, message: Message): Change {
  if (message.role === "system") return change;
  const current = change.next.conversation.lastMessage;
  const isSame = current?.messageId === message.id;
  const isNewer = current === undefined || comesAfter(message, { at: current.at, id: current.messageId });
  if (!isSame && !isNewer) return change;
  const lastMessage: LastMessage = {
    messageId: message.id,
    role: message.role,
    author: message.author,
    text: preview(message),
    at: message.at,
  };
  return withConversation(change, { lastMessage });
}

/** The text, or the kind in brackets when there is none to show. */
function preview(message: Message): string {
  if (message.unsentAt !== undefined) return "[unsent]";
  const text = message.text?.trim() ?? "";
  if (text !== "") return text.slice(0, previewLength);
  return `[${message.attachments[0]?.type ?? message.kind}]`;
}
