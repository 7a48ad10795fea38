/**
 * The conversation aggregate and the change made to it. Everything that may happen to one conversation is a
 * pure function of this folder: it takes a `Change` and answers the `Change` that follows. Nothing here
 * awaits, reads a clock or touches a store.
 */
import {
  type AuditEntry,
  type Command,
  type Contact,
  type Conversation,
  conversationId,
  type Debounce,
  type Message,
  type OutboundItem,
  type Turn,
} from "@/store/records.ts";

/** One conversation, whole: what is read together and committed together. */
export interface Aggregate {
  readonly conversation: Conversation;
  readonly contact: Contact;
  readonly debounce: Debounce;
  /** Items that are neither `sent` nor `cancelled`, in order of `seq`. */
  readonly outbound: readonly OutboundItem[];
}

/** A step from one aggregate to the next, with the rows that belong to the same commit. */
export interface Change {
  /** As read from the store; its `ver` guards the commit. */
  readonly base: Aggregate;
  /** As it shall be. Items that this change finished are still listed. */
  readonly next: Aggregate;
  /** Messages to write, whole; one already there is replaced. */
  readonly messages: readonly Message[];
  readonly turns: readonly Turn[];
  readonly commands: readonly Command[];
  readonly audit: readonly AuditEntry[];
}

/** A conversation that nobody has written in yet; `ver` 0 says that the store has none. */
export function newAggregate(ids: { accountId: string; psid: string }, now: Date): Aggregate {
  const id = conversationId(ids.accountId, ids.psid);
  return {
    conversation: {
      id,
      ...ids,
      ver: 0,
      rev: 0,
      state: "open",
      handler: { kind: "bot" },
      unread: 0,
      nextTurn: 1,
      nextSeq: 1,
      createdAt: now,
      updatedAt: now,
    },
    contact: {
      id,
      ...ids,
      profile: "unknown",
      fields: {},
      tags: [],
      optOut: false,
      neverBot: false,
      createdAt: now,
    },
    debounce: { conversationId: id, pending: [], attempts: 0, supersedes: 0 },
    outbound: [],
  };
}

export function startChange(base: Aggregate): Change {
  return { base, next: base, messages: [], turns: [], commands: [], audit: [] };
}

/** Whether the change would write anything. */
export function isChanged(change: Change): boolean {
  return change.next !== change.base || change.messages.length > 0 || change.turns.length > 0 ||
    change.commands.length > 0 || change.audit.length > 0;
}

export function withConversation(change: Change, patch: Partial<Conversation>): Change {
  return { ...change, next: { ...change.next, conversation: { ...change.next.conversation, ...patch } } };
}

export function withContact(change: Change, patch: Partial<Contact>): Change {
  return { ...change, next: { ...change.next, contact: { ...change.next.contact, ...patch } } };
}

export function withDebounce(change: Change, patch: Partial<Debounce>): Change {
  return { ...change, next: { ...change.next, debounce: { ...change.next.debounce, ...patch } } };
}

/** Adds the item, or replaces the one with its id. */
export function withItem(change: Change, item: OutboundItem): Change {
  const others = change.next.outbound.filter((other) => other.id !== item.id);
  const outbound = [...others, item].sort((a, b) => a.seq - b.seq);
  return { ...change, next: { ...change.next, outbound } };
}

/** Adds message rows; a later row replaces an earlier one with the same id. */
export function withMessages(change: Change, messages: readonly Message[]): Change {
  const ids = new Set(messages.map((message) => message.id));
  return { ...change, messages: [...change.messages.filter(({ id }) => !ids.has(id)), ...messages] };
}

export function withAudit(change: Change, entry: Omit<AuditEntry, "id" | "object">): Change {
  const { id, ver } = change.next.conversation;
  const entryId = `${id}.${ver + 1}.${change.audit.length + 1}`;
  return { ...change, audit: [...change.audit, { ...entry, id: entryId, object: id }] };
}
