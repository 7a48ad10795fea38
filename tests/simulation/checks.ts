/**
 * What must be true when everything is quiet again. Each violation begins with the invariant's name; docs/simulation.md
 * says which ones are judged here, which in `watch.ts`, and which cannot be judged by a simulation and why.
 */
import { createHash } from "node:crypto";
import type { AppliedText, GraphLogEntry, WebhookLogEntry } from "@/simulator/logs.ts";
import type { ConversationId, Message, OutboundItem, Turn } from "@/store/records.ts";
import { conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface Ending {
  readonly store: Store;
  readonly accountId: string;
  readonly psids: readonly string[];
  readonly applied: readonly AppliedText[];
  readonly requests: readonly GraphLogEntry[];
  readonly webhooks: readonly WebhookLogEntry[];
  /** How often a person sent an item again. */
  readonly retries: ReadonlyMap<string, number>;
  /** Bodies that were signed, but are no webhooks; bodies that were not signed. */
  readonly rubbish: readonly string[];
  readonly forged: readonly string[];
  readonly sendsPerSecond: number;
  /** What nobody may find in the store. */
  readonly secrets: readonly string[];
  /** By contact, ids of messages that must be in the history although no webhook may have brought them. */
  readonly shown: ReadonlyMap<string, readonly string[]>;
}

/** All that the store holds of one conversation. */
interface Rows {
  readonly id: ConversationId;
  readonly items: readonly OutboundItem[];
  readonly messages: readonly Message[];
  readonly turns: readonly Turn[];
}

export interface Judgement {
  readonly violations: readonly string[];
  /** Everything that was found in the store, as one text: the same for each run of a seed. */
  readonly dump: string;
}

export async function checkEnding(ending: Ending): Promise<Judgement> {
  const { store, accountId, psids, applied, requests } = ending;
  const violations = [...checkPace(ending), ...await checkEnvelopes(ending)];
  const dumps: string[] = [];
  for (const psid of psids) {
    const rows = await readRows(store, conversationId(accountId, psid));
    const texts = applied.filter((text) => text.psid === psid);
    const posts = requests.filter((entry) => entry.event === "request" && entry.call === "send" && entry.psid === psid);
    violations.push(
      ...checkSends(rows.items, texts, ending),
      ...checkRequests(rows.items, posts),
      ...checkHistory(midsOf(ending, psid), rows.messages),
      ...checkTurns(rows),
      ...checkDrafts(rows, texts),
      ...await checkRest(rows, store),
      ...checkCommands(rows.items),
    );
    dumps.push(JSON.stringify([rows, await store.conversations.load(rows.id)]));
  }
  const dump = dumps.join("\n");
  violations.push(
    ...ending.secrets.filter((secret) => dump.includes(secret)).map(() => "(C26) a secret is in the store"),
  );
  violations.push(...await checkErasure(ending));
  return { violations, dump };
}

/** One contact is erased at the very end; nothing of theirs is left, their envelopes included. */
async function checkErasure({ store, accountId, psids: [psid = ""], webhooks }: Ending): Promise<readonly string[]> {
  const id = conversationId(accountId, psid);
  await store.conversations.erase(id);
  const { items, messages, turns } = await readRows(store, id);
  const theirs = webhooks.filter(({ body }) => body.includes(`"${psid}"`));
  const envelopes = await Promise.all(theirs.map(({ body }) => store.envelopes.get(hashOf(body))));
  const left = [await store.conversations.load(id), ...items, ...messages, ...turns, ...envelopes];
  const { length } = left.filter((row) => row !== undefined);
  return length === 0 ? [] : [`(C30) ${length} rows of an erased contact are left`];
}

async function readRows(store: Store, id: ConversationId): Promise<Rows> {
  const limit = 1_000;
  const { items } = await store.outbound.list({ conversationId: id, limit });
  const { items: messages } = await store.messages.page(id, { limit });
  const turns = await store.turns.list(id, { limit });
  return { id, items: items.toSorted((a, b) => a.seq - b.seq), messages, turns };
}

/** What the contact wrote, of the envelopes that were answered 200 and of what their thread shows. */
function midsOf({ webhooks, shown }: Ending, psid: string): readonly string[] {
  const accepted = webhooks.filter(({ status }) => status === 200);
  const events = accepted.flatMap(({ body }) => eventsOf(body)).filter(({ sender }) => sender?.id === psid);
  const brought = events.flatMap(({ message }) =>
    message?.mid === undefined || message.is_deleted ? [] : [message.mid]
  );
  return [...new Set([...brought, ...shown.get(psid) ?? []])];
}

interface WebhookEvent {
  readonly sender?: { readonly id: string };
  readonly message?: { readonly mid?: string; readonly "is_deleted"?: boolean };
}

function eventsOf(body: string): readonly WebhookEvent[] {
  try {
    const { entry } = JSON.parse(body) as { entry?: { messaging?: WebhookEvent[] }[] };
    return (entry ?? []).flatMap(({ messaging }) => messaging ?? []).filter((event) =>
      typeof event === "object" && event !== null
    );
  } catch {
    return [];
  }
}

/** Texts are unique, so that a text names its item. */
function checkSends(items: readonly OutboundItem[], applied: readonly AppliedText[], { retries }: Ending): string[] {
  const found: string[] = [];
  for (const { id, text, state, mid, reason } of items) {
    const mine = applied.filter((one) => one.text === text);
    const allowed = 1 + (retries.get(id) ?? 0);
    if (mine.length > allowed) found.push(`(C7) ${id} reached the contact ${mine.length} times`);
    if (state === "sent" && !mine.some((one) => one.mid === mid)) found.push(`(C14) ${id} is sent, but never arrived`);
    const isKnown = state === "sent" || state === "held" || reason?.startsWith("discarded by") || retries.has(id);
    if (mine.length > 0 && !isKnown) found.push(`(C14) ${id} arrived, but is ${state}: ${reason}`);
  }
  const firsts = applied.filter(({ text }, index) => applied.findIndex((one) => one.text === text) === index);
  const seqs = firsts.map(({ text }) => items.find((item) => item.text === text));
  if (seqs.includes(undefined)) found.push("(C8) a text arrived that no item has");
  const inTurn = seqs.filter((item) => item !== undefined && !retries.has(item.id) && item.origin.kind !== "followUp");
  const own = inTurn.map((item) => item?.seq ?? 0);
  const isInOrder = own.every((seq, index) => index === 0 || seq >= (own[index - 1] ?? 0));
  return isInOrder ? found : [...found, `(C9) items arrived in the order ${own.join(", ")}`];
}

/** One request an intent at most, and one at a time. */
function checkRequests(items: readonly OutboundItem[], posts: readonly GraphLogEntry[]): string[] {
  const crowded = posts.filter(({ overlaps }) => overlaps > 0)
    .map(({ text }) => `(C9) "${text}" was POSTed while another text was under way`);
  const repeated = items.flatMap(({ id, text, attempt }) => {
    const { length } = posts.filter((post) => post.text === text);
    return length > attempt ? [`(C25) ${id} was requested ${length} times for ${attempt} intents`] : [];
  });
  return [...crowded, ...repeated];
}

function checkHistory(mids: readonly string[], messages: readonly Message[]): string[] {
  return mids.flatMap((mid) => {
    const rows = messages.filter((message) => message.role === "user" && message.mid === mid).length;
    return rows === 1 ? [] : [`(C2) ${mid} is in the history ${rows} times`];
  });
}

function checkTurns({ messages, turns, items }: Rows): string[] {
  const live = turns.filter(({ outboundIds }) =>
    outboundIds.some((id) => items.find((item) => item.id === id)?.state === "sent")
  );
  return messages.filter(({ role }) => role === "user").flatMap(({ id, turnId, unsentAt }) => {
    const answers = live.filter(({ messageIds }) => messageIds.includes(id)).length;
    if (answers > 1) return [`(C6) ${id} was answered by ${answers} turns`];
    const isDecided = turns.some((turn) => turn.id === turnId && turn.messageIds.includes(id));
    return isDecided || unsentAt !== undefined ? [] : [`(C6) ${id} is in no turn`];
  });
}

/** What a decision that was not committed wanted to say was never said. */
function checkDrafts({ turns, items }: Rows, applied: readonly AppliedText[]): string[] {
  const meant = new Set(turns.flatMap(({ outcome }) => outcome.texts));
  const byTurn = new Set(items.filter(({ origin }) => origin.kind === "turn").map(({ text }) => text));
  return applied.filter(({ text }) => byTurn.has(text) && !meant.has(text))
    .map(({ text }) => `(C16) "${text}" arrived, but no turn decided it`);
}

async function checkRest({ id, items }: Rows, store: Store): Promise<string[]> {
  const aggregate = await store.conversations.load(id);
  const open = items.filter(({ state }) => ["queued", "sending", "uncertain"].includes(state));
  const found = open.map((item) => `(C18) ${item.id} is still ${item.state}`);
  if (aggregate === undefined) return [...found, `(C2) ${id} does not exist`];
  if (aggregate.debounce.pending.length > 0) found.push(`(C18) ${id} still has pending messages`);
  if (aggregate.conversation.dueAt !== undefined) found.push(`(C18) ${id} is still due`);
  return found;
}

/** Neither what a person typed nor a draft is queued by two clicks. */
function checkCommands(items: readonly OutboundItem[]): string[] {
  const texts = items.filter(({ origin }) => origin.kind === "operator").map(({ text }) => text);
  return [...new Set(texts)].filter((text) => texts.indexOf(text) !== texts.lastIndexOf(text))
    .map((text) => `(C15) "${text}" was queued more than once`);
}

async function checkEnvelopes({ store, webhooks, rubbish, forged }: Ending): Promise<string[]> {
  const found: string[] = [];
  const isRubbish = new Set(rubbish);
  for (const { status, body } of webhooks) {
    const envelope = await store.envelopes.get(hashOf(body));
    if (status === 200 && envelope === undefined) found.push("(C1) an envelope that was answered 200 is not there");
    if (status === 200 && envelope?.state !== "split" && !isRubbish.has(body)) {
      found.push(`(C21) an envelope is ${envelope?.state}`);
    }
    if (
      isRubbish.has(body) && status !== undefined && status !== 503 && (status !== 200 || envelope?.state === "new")
    ) {
      found.push(`(C20) rubbish was answered ${status} and is ${envelope?.state}`);
    }
    if (status !== undefined && status >= 500 && status !== 503) found.push(`(C5) a webhook was answered ${status}`);
  }
  for (const body of forged) {
    if (await store.envelopes.get(hashOf(body)) !== undefined) found.push("(C4) an unsigned body was kept");
  }
  return [...new Set(found)];
}

function hashOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Judged by when requests left, of which the log knows the arrival: the wires take up to so many milliseconds. */
const wireMs = 30;

function checkPace({ requests, applied, sendsPerSecond, psids }: Ending): string[] {
  const posts = requests.filter(({ event, call }) => event === "request" && call === "send");
  const crowd = tooClose(posts, sendsPerSecond);
  const close = psids.flatMap((psid) => tooClose(applied.filter((text) => text.psid === psid), 1));
  return [
    ...(crowd.length === 0 ? [] : [`(C10) more than ${sendsPerSecond} POSTs within a second, ${crowd.length} times`]),
    ...(close.length === 0 ? [] : [`(C10) two texts reached a contact within a second, ${close.length} times`]),
  ];
}

/** Those that came less than a second after the one so many places before. */
function tooClose<Event extends { readonly at: Date }>(events: readonly Event[], places: number): readonly Event[] {
  return events.filter(({ at }, index) => {
    const other = events[index - places];
    return other !== undefined && at.getTime() - other.at.getTime() < 1_000 - wireMs;
  });
}
