/** Taking back what somebody changed, by the line that the change left in the audit log. */
import type { AuditEntry } from "@/store/records.ts";
import type { Change } from "@/conversation/aggregate.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { type ActOptions, changeContact, changeConversation, type ConversationPatch } from "@/conversation/operator.ts";
import type { UndoOutcome } from "@/conversation/operator.ts";

/**
 * Puts state, handler, assignee and tags back to what they were before the entry, as a change of its own. `gone`: one of
 * them is not what the entry made it any more, or there is nothing to take back; nothing was changed. Answers of the
 * bot's that a takeover cancelled stay cancelled.
 */
export function undoChange(change: Change, { changes }: Pick<AuditEntry, "changes">, options: ActOptions): UndoOutcome {
  const named = (["state", "handler", "assignee", "tags"] as const).filter((name) => isChange(changes[name]));
  const now = valuesOf(change, options.now);
  if (named.length === 0 || named.some((name) => !isSame(now[name], changes[name]?.after))) return { kind: "gone" };
  const patch = patchOf(changes);
  if (patch === undefined) return { kind: "gone" };
  const back = Object.keys(patch).length === 0 ? change : changeConversation(change, patch, options);
  if (!named.includes("tags")) return { kind: "undone", change: back };
  return { kind: "undone", change: changeContact(back, { tags: tagsOf(changes["tags"]?.before) }, options) };
}

/** Whether the value became another one. */
export function isChange(change: AuditEntry["changes"][string] | undefined): boolean {
  return change !== undefined && !isSame(change.before, change.after);
}

function valuesOf({ next }: Change, now: Date): Readonly<Record<"state" | "handler" | "assignee" | "tags", unknown>> {
  const { state, assignee } = next.conversation;
  return { state, assignee, handler: handlerAt(next.conversation, now).kind, tags: next.contact.tags };
}

/** Undefined when what was cannot be again: a person's turn that had no end then. */
function patchOf({ state, handler, handlerUntil, assignee }: AuditEntry["changes"]): ConversationPatch | undefined {
  const until = new Date(String(handlerUntil?.before));
  const isPersons = isChange(handler) && handler?.before === "person";
  if (isPersons && Number.isNaN(until.getTime())) return undefined;
  return {
    ...(isChange(state) ? { state: state?.before === "closed" ? "closed" as const : "open" as const } : {}),
    ...(isPersons ? { handler: "person" as const, handlerUntil: until } : {}),
    ...(isChange(handler) && !isPersons ? { handler: "bot" as const } : {}),
    ...(isChange(assignee) ? { assignee: typeof assignee?.before === "string" ? assignee.before : null } : {}),
  };
}

function tagsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
