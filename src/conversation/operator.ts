/** What people of the team may do to a conversation. Each leaves a line in the audit log. */
import type { AuditEntry, Contact, Handler, OutboundItem, OutboundOrigin, Turn } from "@/store/records.ts";
import { type Change, withAudit, withContact, withConversation, withItem } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { reviewDraft } from "@/conversation/draft.ts";
import { learnFacts } from "@/conversation/facts.ts";
import { handBack, takeOver } from "@/conversation/handler.ts";
import { cancelBotItems, cancelRest, enqueue, planSends } from "@/conversation/outbound_items.ts";
import { markSent, sendGate } from "@/conversation/send.ts";
import type { Settings } from "@/conversation/settings.ts";
import { personMaySend } from "@/conversation/window.ts";

export interface ActOptions {
  readonly operator: string;
  readonly settings: Settings;
  readonly now: Date;
}

export interface ManualMessage {
  /** One part each, at most 1,000 UTF-8 bytes. */
  readonly texts: readonly string[];
  readonly commandId: string;
  readonly bodyHash: string;
  readonly tag?: "HUMAN_AGENT";
  /** The person only adds something: the conversation stays the bot's. Default false. */
  readonly keepsBot?: boolean;
  /** The turn whose draft waits, as the store has it: the person's own words take its place. */
  readonly draftTurn?: Turn;
}

/** What a person's message led to. `windowClosed`: Instagram would refuse it; nothing was changed. */
export type ManualOutcome =
  | { readonly kind: "queued"; readonly change: Change; readonly outboundIds: readonly string[] }
  | { readonly kind: "windowClosed" };

/** Queues a person's message and, unless it keeps the bot, hands the conversation to that person, in one change. */
export function sendManually(
  change: Change,
  message: ManualMessage,
  { operator, settings, now }: ActOptions,
): ManualOutcome {
  const { conversation } = change.next;
  if (!personMaySend(conversation, message.tag, now)) return { kind: "windowClosed" };
  const { commandId, bodyHash, tag, texts } = message;
  const reviewed = reviewDraft(change, message.draftTurn, { verdict: "discarded", by: operator, at: now });
  const { takeoverHours } = settings;
  const takeover = { by: operator, reason: `${operator} answered`, needed: false, at: now, takeoverHours };
  const taken = message.keepsBot ? reviewed : takeOver(reviewed, takeover, now);
  const origin = (part: number, parts: number): OutboundOrigin => ({
    kind: "operator",
    operator,
    commandId,
    part,
    parts,
  });
  const queued = enqueue(taken, { texts, origin, tag }, now);
  const outboundIds = queued.next.outbound.filter(({ seq }) => seq >= conversation.nextSeq).map(({ id }) => id);
  const command = {
    id: commandId,
    conversationId: conversation.id,
    bodyHash,
    result: { outboundId: outboundIds[0] },
    at: now,
  };
  const audited = withAudit(withConversation(queued, { unread: 0, state: "open", updatedAt: now }), {
    at: now,
    actor: operator,
    action: "message.send",
    changes: {},
  });
  return { kind: "queued", change: { ...audited, commands: [...audited.commands, command] }, outboundIds };
}

/** What an operator may change on a conversation; absent fields stay. */
export interface ConversationPatch {
  readonly state?: "open" | "closed";
  readonly handler?: "bot" | "person";
  /** Until when the person has it; default: the account's takeover hours from now. */
  readonly handlerUntil?: Date;
  /** `null` takes the assignment away. */
  readonly assignee?: string | null;
}

export function changeConversation(
  change: Change,
  patch: ConversationPatch,
  { operator, settings, now }: ActOptions,
): Change {
  const before = change.next.conversation;
  const handled = applyHandler(change, patch, { operator, settings, now });
  const changed = withConversation(handled, {
    ...(patch.state === undefined ? {} : { state: patch.state }),
    ...(patch.assignee === undefined ? {} : { assignee: patch.assignee ?? undefined }),
    updatedAt: now,
  });
  const after = changed.next.conversation;
  return withAudit(changed, {
    at: now,
    actor: operator,
    action: "conversation.change",
    changes: {
      ...(patch.state === undefined ? {} : { state: { before: before.state, after: after.state } }),
      ...(patch.handler === undefined ? {} : handlerChanges(before.handler, after.handler)),
      ...(patch.assignee === undefined ? {} : { assignee: { before: before.assignee, after: after.assignee } }),
    },
  });
}

/** With the end of a person's turn, so that it can be given back to them. */
function handlerChanges(before: Handler, after: Handler): AuditEntry["changes"] {
  const untils = [before, after].map((handler) => handler.kind === "person" ? handler.until.toISOString() : undefined);
  return {
    handler: { before: before.kind, after: after.kind },
    handlerUntil: { before: untils[0], after: untils[1] },
  };
}

function applyHandler(change: Change, patch: ConversationPatch, { operator, settings, now }: ActOptions): Change {
  if (patch.handler === "bot") return handBack(change);
  if (patch.handler !== "person") return change;
  const hours = patch.handlerUntil === undefined
    ? settings.takeoverHours
    : (patch.handlerUntil.getTime() - now.getTime()) / 3_600_000;
  const released = handBack(change);
  return takeOver(released, {
    by: operator,
    reason: `${operator} took over`,
    needed: false,
    at: now,
    takeoverHours: hours,
  }, now);
}

/** What an operator may change on a contact; absent fields stay, a `null` value removes a field. */
export interface ContactPatch {
  readonly fields?: Readonly<Record<string, string | null>>;
  readonly tags?: readonly string[];
  readonly optOut?: boolean;
  readonly neverBot?: boolean;
}

export function changeContact(change: Change, patch: ContactPatch, { operator, now }: ActOptions): Change {
  const before = change.next.contact;
  const set = Object.entries(patch.fields ?? {}).flatMap(([field, value]) => value === null ? [] : [{ field, value }]);
  const removed = Object.entries(patch.fields ?? {}).flatMap(([field, value]) => value === null ? [field] : []);
  const learned = learnFacts(
    change,
    set.map((fact) => ({ ...fact, source: "person" as const, by: operator })),
    [],
    now,
  );
  const fields = Object.fromEntries(
    Object.entries(learned.next.contact.fields).filter(([name]) => !removed.includes(name)),
  );
  const changed = withConversation(
    withContact(learned, {
      fields,
      ...(patch.tags === undefined ? {} : { tags: [...new Set(patch.tags)] }),
      ...(patch.optOut === undefined ? {} : { optOut: patch.optOut }),
      ...(patch.neverBot === undefined ? {} : { neverBot: patch.neverBot }),
    }),
    { updatedAt: now },
  );
  const after = changed.next.contact;
  const isMuted = after.optOut || after.neverBot;
  const quiet = isMuted ? cancelBotItems(changed, "the bot may no longer write to this contact", now) : changed;
  return withAudit(quiet, {
    at: now,
    actor: operator,
    action: "contact.change",
    changes: contactChanges(before, after, patch),
  });
}

/** `gone`: the field holds another value by now; nothing was changed. */
export type UndoOutcome = { readonly kind: "undone"; readonly change: Change } | { readonly kind: "gone" };

/** Takes back what a field was set to: the value before it comes back as the operator's own, else the field goes. */
export function undoFact(
  change: Change,
  { field, value }: { readonly field: string; readonly value: string },
  options: ActOptions,
): UndoOutcome {
  const { fields } = change.next.contact;
  const fact = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (fact === undefined || fact.value !== value) return { kind: "gone" };
  return { kind: "undone", change: changeContact(change, { fields: { [field]: fact.previous ?? null } }, options) };
}

function contactChanges(before: Contact, after: Contact, patch: ContactPatch): AuditEntry["changes"] {
  const names = (["tags", "optOut", "neverBot"] as const).filter((name) => patch[name] !== undefined);
  const fields = Object.keys(patch.fields ?? {}).map((name) =>
    [`fields.${name}`, { before: before.fields[name]?.value, after: after.fields[name]?.value }] as const
  );
  return Object.fromEntries([
    ...names.map((name) => [name, { before: before[name], after: after[name] }] as const),
    ...fields,
  ]);
}

/** An operator has seen the conversation. */
export function markRead(change: Change): Change {
  return change.next.conversation.unread === 0 ? change : withConversation(change, { unread: 0 });
}

/** What an operator may do to an outbound item. `refused`: its state does not allow it; the reason says why. */
export type ItemOutcome =
  | { readonly kind: "done"; readonly change: Change }
  | { readonly kind: "refused"; readonly reason: string };

/** `arrived`: the person looked in Instagram and saw the text there. `restore`: it was discarded by mistake. */
export type ItemAction = "retry" | "arrived" | "discard" | "cancel" | "restore";

const restorableMs = 7 * 24 * 3_600_000;

/** Whether the item was discarded by a person, not longer ago than seven days. */
export function isRestorable({ state, reason = "", updatedAt }: OutboundItem, now: Date): boolean {
  return state === "cancelled" && reason.startsWith("discarded by ") && now <= addMs(updatedAt, restorableMs);
}

const allowedIn: Readonly<Record<ItemAction, readonly OutboundItem["state"][]>> = {
  retry: ["failed", "held", "expired"],
  arrived: ["held"],
  discard: ["failed", "held", "expired"],
  cancel: ["queued"],
  restore: ["cancelled"],
};

export function actOnItem(
  change: Change,
  item: OutboundItem,
  action: ItemAction,
  { operator, settings, now }: ActOptions,
): ItemOutcome {
  if (!allowedIn[action].includes(item.state)) {
    return {
      kind: "refused",
      reason: `Cannot ${action} an item that is ${item.state}: wants ${allowedIn[action].join(" or ")}`,
    };
  }
  if (action === "restore" && !isRestorable(item, now)) {
    return { kind: "refused", reason: "Cannot restore: nobody discarded it within the last 7 days" };
  }
  const gate = sendGate(change, item, settings, now);
  if (action === "retry" && gate.kind !== "go") return { kind: "refused", reason: `Cannot retry: ${gate.reason}` };
  const acted = withConversation(applyAction(change, item, action, { operator, settings, now }), { updatedAt: now });
  const after = acted.next.outbound.find(({ id }) => id === item.id)?.state;
  const changes = { [item.id]: { before: item.state, after } };
  return {
    kind: "done",
    change: withAudit(acted, { at: now, actor: operator, action: `outbound.${action}`, changes }),
  };
}

function applyAction(
  change: Change,
  item: OutboundItem,
  action: ItemAction,
  { operator, settings, now }: ActOptions,
): Change {
  switch (action) {
    case "retry":
      return planSends(
        withItem(change, { ...item, state: "queued", spent: 0, notBefore: now, reason: undefined, updatedAt: now }),
      );
    case "arrived": {
      const sentAt = item.attempts.at(-1)?.startedAt ?? now;
      return markSent(change, item, { sentAt, evidence: "person", rows: [], settings, now });
    }
    case "restore": {
      const state = item.attempts.at(-1)?.outcome === "unknown" ? "held" : "failed";
      return planSends(withItem(change, { ...item, state, reason: `brought back by ${operator}`, updatedAt: now }));
    }
    case "discard":
    case "cancel": {
      const reason = action === "cancel" ? `cancelled by ${operator}` : `discarded by ${operator}`;
      const stopped = withItem(change, { ...item, state: "cancelled", reason, updatedAt: now });
      return planSends(cancelRest(stopped, item, reason, now));
    }
  }
}
