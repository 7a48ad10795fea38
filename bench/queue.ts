/** Conversations with something to do, written straight into a store. */
import { type Change, newAggregate, startChange } from "@/conversation/aggregate.ts";
import { enqueue } from "@/conversation/outbound_items.ts";
import { receive } from "@/conversation/receive.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import type { Sealer } from "@/seal.ts";
import type { OutboundOrigin } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export function psidOf(index: number): string {
  return `7000000000${String(index).padStart(6, "0")}`;
}

export interface NewAccount {
  readonly id: string;
  readonly sendsPerSecond: number;
}

export async function addAccount(store: Store, sealer: Sealer, { id, sendsPerSecond }: NewAccount): Promise<void> {
  const now = store.now();
  const token = { sealed: await sealer.seal("IGAAtoken", id), ending: "oken", savedAt: now };
  const settings = { sendsPerSecond };
  await store.accounts.put({ id, token, state: "active", settings, ver: 0, createdAt: now, updatedAt: now }, 0);
}

export interface Writing {
  readonly accountId: string;
  readonly psid: string;
  /** When the turn on it is due. */
  readonly dueAt: Date;
}

/** A contact has written, and waits for a decision from `dueAt` on. */
export async function write(store: Store, { accountId, psid, dueAt }: Writing): Promise<void> {
  const settings = resolveSettings({});
  const now = new Date(dueAt.getTime() - settings.debounceMs);
  await commit(store, hear(accountId, psid, now));
}

/** A contact has written, and an answer leaves from `notBefore` on. */
export async function queueAnswer(
  store: Store,
  { accountId, psid, notBefore }: { readonly accountId: string; readonly psid: string; readonly notBefore?: Date },
): Promise<void> {
  const now = store.now();
  const origin = (part: number, parts: number): OutboundOrigin => ({ kind: "turn", turnId: `${psid}_t1`, part, parts });
  const { next, ...rest } = hear(accountId, psid, now);
  const answered = { ...rest, next: { ...next, debounce: { ...next.debounce, pending: [], dueAt: undefined } } };
  await commit(store, enqueue(answered, { texts: ["Answer"], origin, notBefore }, now));
}

function hear(accountId: string, psid: string, now: Date): Change {
  const mid = `in-${psid}`;
  const event = {
    accountId,
    psid,
    key: `msg:${mid}`,
    kind: "text",
    direction: "in",
    mid,
    text: "hola",
    attachments: [],
    at: now,
    standby: false,
    test: false,
    source: "webhook",
  } as const;
  return receive(startChange(newAggregate({ accountId, psid }, now)), event, [], {
    settings: resolveSettings({}),
    now,
  });
}

async function commit(store: Store, change: Change): Promise<void> {
  const outcome = await store.conversations.commit(change);
  if (outcome !== "committed") throw new Error(`Cannot measure: a commit ended in ${outcome}, wants committed`);
}
