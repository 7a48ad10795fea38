/** What somebody of the team writes about a conversation, for the others alone. */
import { type Change, withAudit, withConversation, withMessages } from "@/conversation/aggregate.ts";
import type { Message } from "@/store/records.ts";

export interface NewNote {
  /** Not empty. */
  readonly text: string;
  readonly commandId: string;
  readonly bodyHash: string;
}

/**
 * Keeps the note in the conversation's history. It is nobody's message: it neither answers the contact nor hands the
 * conversation over, and it goes with the contact when they are erased.
 */
export function addNote(
  change: Change,
  { text, commandId, bodyHash }: NewNote,
  { operator, now }: { readonly operator: string; readonly now: Date },
): { readonly change: Change; readonly messageId: string } {
  const note = toMessage(change, { text, operator, now });
  const written = withConversation(withMessages(change, [note]), { updatedAt: now });
  const audited = withAudit(written, { at: now, actor: operator, action: "note.add", changes: {} });
  const result = { messageId: note.id };
  const command = { id: commandId, conversationId: note.conversationId, bodyHash, result, at: now };
  return { messageId: note.id, change: { ...audited, commands: [...audited.commands, command] } };
}

function toMessage(
  { base }: Change,
  { text, operator, now }: { readonly text: string; readonly operator: string; readonly now: Date },
): Message {
  const { id, accountId, psid, ver } = base.conversation;
  return {
    id: `${accountId}:note:${psid}.${ver + 1}`,
    accountId,
    conversationId: id,
    role: "system",
    author: "operator",
    kind: "note",
    text,
    attachments: [],
    standby: false,
    test: false,
    at: now,
    receivedAt: now,
    source: "team",
    operator,
  };
}
