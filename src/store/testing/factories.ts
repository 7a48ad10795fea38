/** Records for tests. Each default says nothing of interest; a test names only what it is about. */
import { type Aggregate, newAggregate } from "@/conversation/aggregate.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import {
  type Account,
  type AuditEntry,
  type Command,
  type Contact,
  type Conversation,
  conversationId,
  type Debounce,
  type Envelope,
  type Instance,
  type Message,
  type Operator,
  type OutboundItem,
  type Session,
  type Turn,
} from "@/store/records.ts";

/** The instant at which `ManualClock` begins. */
export const noon = new Date("2026-11-24T12:00:00Z");

export const accountId = "shop";

/** `noon` plus `ms` milliseconds. */
export function afterNoon(ms: number): Date {
  return new Date(noon.getTime() + ms);
}

/** A text from `ada`; key and mid follow each other. */
export function makeEvent(patch: Partial<InboundEvent> = {}): InboundEvent {
  const mid = patch.mid ?? "m1";
  return {
    accountId,
    psid: "ada",
    key: `msg:${mid}`,
    kind: "text",
    direction: "in",
    mid,
    text: "hello",
    attachments: [],
    at: noon,
    standby: false,
    test: false,
    source: "webhook",
    ...patch,
  };
}

/** A text from `ada`; id and mid follow each other. */
export function makeMessage(patch: Partial<Message> & { readonly psid?: string } = {}): Message {
  const { psid = "ada", ...fields } = patch;
  const mid = fields.mid ?? "m1";
  return {
    id: `${accountId}:msg:${mid}`,
    accountId,
    conversationId: conversationId(accountId, psid),
    mid,
    role: "user",
    author: "contact",
    kind: "text",
    text: "hello",
    attachments: [],
    standby: false,
    test: false,
    at: noon,
    receivedAt: noon,
    source: "webhook",
    ...fields,
  };
}

export interface AggregatePatch {
  readonly psid?: string;
  readonly accountId?: string;
  readonly conversation?: Partial<Conversation>;
  readonly contact?: Partial<Contact>;
  readonly debounce?: Partial<Debounce>;
  readonly outbound?: readonly OutboundItem[];
}

/** A conversation with `ada` in which nothing has happened yet. */
export function makeAggregate(patch: AggregatePatch = {}): Aggregate {
  const blank = newAggregate({ accountId: patch.accountId ?? accountId, psid: patch.psid ?? "ada" }, noon);
  return {
    conversation: { ...blank.conversation, ...patch.conversation },
    contact: { ...blank.contact, ...patch.contact },
    debounce: { ...blank.debounce, ...patch.debounce },
    outbound: patch.outbound ?? [],
  };
}

/** A queued answer of the bot's to `ada`; its id follows its `seq`. */
export function makeItem(patch: Partial<OutboundItem> = {}): OutboundItem {
  const psid = patch.psid ?? "ada";
  const id = conversationId(accountId, psid);
  const seq = patch.seq ?? 1;
  return {
    id: `${id}_o${seq}`,
    conversationId: id,
    accountId,
    psid,
    seq,
    origin: { kind: "turn", turnId: `${id}_t1`, part: 1, parts: 1 },
    text: "an answer",
    state: "queued",
    attempt: 0,
    spent: 0,
    notBefore: noon,
    attempts: [],
    createdAt: noon,
    updatedAt: noon,
    ...patch,
  };
}

/** A turn of `ada`'s that ended in silence; its id follows its number. */
export function makeTurn(patch: Partial<Turn> & { readonly psid?: string } = {}): Turn {
  const { psid = "ada", ...fields } = patch;
  const id = conversationId(accountId, psid);
  const number = fields.number ?? 1;
  return {
    id: `${id}_t${number}`,
    conversationId: id,
    accountId,
    number,
    messageIds: [],
    startedAt: noon,
    decidedAt: noon,
    checks: [],
    rules: [],
    outcome: { kind: "silent", reason: "nothing to say", by: "agent", texts: [] },
    outboundIds: [],
    forced: false,
    supersedes: 0,
    attempts: 1,
    ...fields,
  };
}

/** An envelope whose id is its name, not its body's hash. */
export function makeEnvelope(
  patch: { readonly id?: string; readonly body?: string; readonly receivedAt?: Date } = {},
): Pick<Envelope, "id" | "body" | "receivedAt"> {
  const { id = "e1", body = "{}", receivedAt = noon } = patch;
  return { id, body: new TextEncoder().encode(body), receivedAt };
}

export function makeAccount(patch: Partial<Account> = {}): Account {
  return { id: accountId, state: "active", settings: {}, ver: 0, createdAt: noon, updatedAt: noon, ...patch };
}

export function makeCommand(patch: Partial<Command> = {}): Command {
  const id = conversationId(accountId, "ada");
  return { id: "c1", conversationId: id, bodyHash: "hash", result: {}, at: noon, ...patch };
}

export function makeAuditEntry(patch: Partial<AuditEntry> = {}): AuditEntry {
  return { id: "a1", at: noon, actor: "grace", action: "settings.change", object: accountId, changes: {}, ...patch };
}

export function makeInstance(patch: Partial<Instance> = {}): Instance {
  return {
    id: "i1",
    host: "shop-1",
    version: "0.1.0",
    startedAt: noon,
    beatAt: noon,
    aliveUntil: afterNoon(30_000),
    ruleSet: "v1",
    workers: [{ name: "ingest", healthy: true }, { name: "outbound", healthy: false }],
    ...patch,
  };
}

export function makeOperator(patch: Partial<Operator> = {}): Operator {
  return { id: "grace", role: "agent", keyHash: "hash", ver: 1, createdAt: noon, updatedAt: noon, ...patch };
}

export function makeSession(patch: Partial<Session> = {}): Session {
  return {
    id: "s1",
    operator: "grace",
    csrfToken: "token",
    createdAt: noon,
    seenAt: noon,
    expiresAt: afterNoon(3_600_000),
    ...patch,
  };
}
