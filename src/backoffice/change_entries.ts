/** Lines of the audit log that say what people changed of one conversation. */
import { isChange } from "@/conversation/undo.ts";
import type { AuditEntry, ConversationId, Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Lines to look through, those of sent texts and the like among them. */
const lines = 100;

type AuditDeps = { readonly audit: Pick<Store["audit"], "list"> };

/** What was changed in the time that the page of messages covers, newest first. */
export async function readChanges(
  { audit }: AuditDeps,
  id: ConversationId,
  { items, nextCursor, isNewest }: {
    readonly items: readonly Message[];
    readonly nextCursor?: string;
    readonly isNewest: boolean;
  },
): Promise<readonly AuditEntry[]> {
  const last = items.at(-1)?.at;
  const before = isNewest || last === undefined ? undefined : last;
  const entries = await audit.list({ object: id, limit: lines, before });
  const first = nextCursor === undefined ? undefined : items[0]?.at;
  return entries.filter((entry) => tellsChange(entry) && (first === undefined || entry.at >= first));
}

export async function findEntry(
  { audit }: AuditDeps,
  id: ConversationId,
  entryId: string,
): Promise<AuditEntry | undefined> {
  return (await audit.list({ object: id, limit: lines })).find((entry) => entry.id === entryId);
}

/** Whether the entry says something that a timeline shows. */
export function tellsChange({ action, changes }: AuditEntry): boolean {
  const names = action === "conversation.change"
    ? ["state", "handler", "assignee"]
    : action === "contact.change"
    ? ["tags"]
    : [];
  return names.some((name) => isChange(changes[name]));
}
