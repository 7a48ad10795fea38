import assert from "node:assert/strict";
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import { conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { accountId, type AggregatePatch, makeAggregate } from "@/store/testing/factories.ts";

/** An empty database with two handles on it, as two instances of Moca would have. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly one: Store;
  readonly two: Store;
  /** The database's clock, which both handles go by; `advance` takes a negative number too. */
  readonly clock: { now(): Date; advance(ms: number): void };
  /** One more handle on the same database; the caller disposes it. */
  another(): Promise<Store>;
}

/** One promise of the ports, and how it is put to the test. */
export interface StoreCheck {
  readonly promise: string;
  readonly run: (store: StoreUnderTest) => Promise<void>;
}

export const adaId = conversationId(accountId, "ada");

/** What one change adds beside the aggregate. */
export type Rows = Partial<Pick<Change, "messages" | "turns" | "commands" | "audit">>;

/** The change that turns `base` into the patched aggregate. What the patch does not name stays the same object. */
export function patched(base: Aggregate, patch: AggregatePatch, rows: Rows = {}): Change {
  const next: Aggregate = {
    conversation: patch.conversation === undefined
      ? base.conversation
      : { ...base.conversation, ...patch.conversation },
    contact: patch.contact === undefined ? base.contact : { ...base.contact, ...patch.contact },
    debounce: patch.debounce === undefined ? base.debounce : { ...base.debounce, ...patch.debounce },
    outbound: patch.outbound ?? base.outbound,
  };
  return { base, next, messages: [], turns: [], commands: [], audit: [], ...rows };
}

/** Commits the patch onto what is stored, or begins a conversation with it; answers what is then stored. */
export async function save(store: Store, patch: AggregatePatch = {}, rows: Rows = {}): Promise<Aggregate> {
  const ids = { psid: patch.psid ?? "ada", accountId: patch.accountId ?? accountId };
  const id = conversationId(ids.accountId, ids.psid);
  const base = await store.conversations.load(id) ?? makeAggregate(ids);
  assert.equal(await store.conversations.commit(patched(base, patch, rows)), "committed");
  return await mustLoad(store, id);
}

export async function mustLoad(store: Store, id: string = adaId): Promise<Aggregate> {
  const aggregate = await store.conversations.load(id);
  assert.ok(aggregate, `the store has no conversation ${id}`);
  return aggregate;
}

/** Claims by `owner` for one second, ten at most. */
export function claimBy(owner: string): { owner: string; leaseMs: number; limit: number } {
  return { owner, leaseMs: 1_000, limit: 10 };
}

/** Reads page after page; the size of a page is the reader's affair. */
export async function readAll<Item>(
  read: (cursor: string | undefined) => Promise<{ items: readonly Item[]; nextCursor?: string }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
    assert.ok(items.length <= 1_000, "the pages do not end");
  } while (cursor !== undefined);
  return items;
}
