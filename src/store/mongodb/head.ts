/**
 * The head of an aggregate: its `conversations` document. It holds the conversation, when work on it is due and who
 * holds it, and what the newest commit has still to write elsewhere.
 */
import type { Document } from "mongodb";
import { callsPerson, isAnswered, waitsSince } from "@/conversation/waiting.ts";
import type { Conversation, Debounce } from "@/store/records.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import type { Row } from "@/store/mongodb/database.ts";
import { without } from "@/store/mongodb/rows.ts";

export interface Head extends Row {
  readonly ver: number;
  /** Rows that the commit of this `ver` has yet to write; absent when all are written and the commit was announced. */
  readonly redo?: readonly RedoRow[];
  /** Ids of the newest commits, so that one whose answer was lost can be recognised. */
  readonly commits?: readonly string[];
  /** When the conversation was last written to; absent when it was erased. */
  readonly committedAt?: Date;
  /** The rows of this `ver` and before belonged to a contact who was erased. */
  readonly erasedVer?: number;
}

/** One row of a change: in which collection, and all of it but `ver`. */
export interface RedoRow {
  readonly in: VersionedName | AddedName;
  readonly row: Row;
}

/** Collections whose rows later commits write again, whole. */
export type VersionedName = "contacts" | "debounce" | "outbound_queue" | "messages" | "turns";

/** Collections whose rows are written once. */
export type AddedName = "commands" | "audit_log";

/** Fields that a conversation has only sometimes, and no record names. */
const planned = ["personUntil", "turnDueAt"] as const;

const ofTheStore = [
  "_id",
  "redo",
  "redoSince",
  "commits",
  "committedAt",
  "lastAt",
  "waitingAt",
  "needed",
  "answered",
  "hasUnread",
  "turnLease",
  "sendLease",
  "erasedVer",
  "erasedAt",
  "sweepErasedAt",
  ...planned,
] as const;

export function toConversation(head: Head): Conversation {
  return { id: head._id, ...fromFields<Omit<Conversation, "id">>(without(head, ofTheStore)) };
}

export function isErased(head: Head): boolean {
  return head.committedAt === undefined;
}

/** Beside the conversation, what the inbox and the claims ask for: lookups need plain fields. */
export function toHeadFields(
  { id, ver, ...conversation }: Conversation,
  { dueAt }: Pick<Debounce, "dueAt">,
): Document {
  const { handler, lastMessage, createdAt, unread, draft, windowNoticeAt } = conversation;
  return toFields({
    ...conversation,
    lastAt: lastMessage?.at ?? createdAt,
    personUntil: handler.kind === "person" ? handler.until : undefined,
    needed: draft !== undefined || windowNoticeAt !== undefined || callsPerson(conversation),
    waitingAt: waitsSince({ id, ver, ...conversation }),
    answered: isAnswered({ id, ver, ...conversation }),
    hasUnread: unread > 0,
    turnDueAt: dueAt,
  });
}

/** The fields that the document may have had and shall have no longer. */
export function fieldsToUnset(before: Conversation, fields: Document): Document {
  const had = [...Object.keys(toFields(before)), ...planned].filter((name) => name !== "id" && name !== "ver");
  return Object.fromEntries(had.filter((name) => !(name in fields)).map((name) => [name, ""]));
}
