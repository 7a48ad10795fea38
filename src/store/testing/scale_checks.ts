/** What every store must keep when there is much in it. Both adapters run it. */
import assert from "node:assert/strict";
import { fillStore } from "@/seed/fill.ts";
import { newAggregate } from "@/conversation/aggregate.ts";
import type { Conversation } from "@/store/records.ts";
import { searchTerms } from "@/store/search_terms.ts";
import { type ConversationPage, type ConversationQuery, countLimit, foundLimit } from "@/store/store.ts";
import { readAll } from "@/store/testing/check.ts";
import { accountId, noon } from "@/store/testing/factories.ts";
import { type MovableStore, readWhole, type TransferCheck } from "@/store/testing/transfer_checks.ts";
import type { Transfer } from "@/store/transfer.ts";

/** As a port's `list`. */
export type List = (query: ConversationQuery) => Promise<ConversationPage>;

/** Reads everything and looks into each text: what a search must find, newest first. */
async function searchByHand(transfer: Transfer): Promise<(q: string, state?: string) => string[]> {
  const { conversations, contacts, messages } = await readWhole(transfer) as never as Record<
    string,
    (Conversation & { name: string; username: string; conversationId: string; text: string })[]
  >;
  const texts = new Map<string, string[][]>();
  for (const { id, name, username, psid } of contacts) texts.set(id, [searchTerms(`${name} ${username} ${psid}`)]);
  for (const { conversationId, text } of messages) texts.get(conversationId)?.push(searchTerms(text));
  const atOf = ({ lastMessage, createdAt }: Conversation): number => (lastMessage?.at ?? createdAt).getTime();
  const newestFirst = conversations.toSorted((a, b) => atOf(b) - atOf(a) || (a.id < b.id ? 1 : -1));
  return (q, state) => {
    const holds = (text: string[]): boolean =>
      searchTerms(q).every((word) => text.some((term) => term.startsWith(word)));
    return newestFirst.filter((one) => (state === undefined || one.state === state) && texts.get(one.id)?.some(holds))
      .map(({ id }) => id);
  };
}

/** Words of the seed that many have, few, none, and two that many have but hardly ever together. */
const searches = ["hola", "h", "talla s", "hola gracias", "echeverria", "lucia quintana", "m1", "zzz", "hola zzz"];

/** Puts each search to `list`, page by page, and compares. */
export async function compareSearches(transfer: Transfer, list: List): Promise<void> {
  const byHand = await searchByHand(transfer);
  for (const q of searches) {
    for (const state of [undefined, "closed"] as const) {
      const items = await readAll((cursor) => list({ q, state, limit: 70, cursor }));
      const expected = byHand(q, state);
      assert.deepEqual(items.map(({ conversation }) => conversation.id), expected, `${q}, ${state}`);
      const { total, atLeast } = await list({ q, state, limit: 1 });
      assert.deepEqual([total, atLeast], [Math.min(expected.length, foundLimit), expected.length > foundLimit], q);
    }
  }
}

/** A conversation whose contact is called Zoe when its number is below `zoes`. */
async function writeMany(transfer: Transfer, count: number, zoes: number): Promise<void> {
  const made = Array.from({ length: count }, (_, n) => newAggregate({ accountId, psid: `${n}` }, noon));
  await transfer.write("conversations", made.map(({ conversation }) => ({ ...conversation, ver: 1 })), 0);
  await transfer.write("contacts", made.map(({ contact }, n) => n < zoes ? { ...contact, name: "Zoe" } : contact), 0);
  await transfer.write("debounce", made.map(({ debounce }) => debounce), 0);
}

export const scaleChecks: readonly TransferCheck[] = [
  {
    promise: "conversations.list() finds among many what reading everything finds, in the same order",
    run: async (store: MovableStore) => {
      await using transfer = await store.transfer();
      await fillStore(transfer, { contacts: 600, messages: 1_800 });
      await compareSearches(transfer, (query) => store.one.conversations.list(query));
    },
  },
  {
    promise: "conversations.list() and counts() count up to a limit, and say when there are more",
    run: async (store: MovableStore) => {
      await using transfer = await store.transfer();
      await writeMany(transfer, countLimit + 1, foundLimit + 1);
      const { conversations } = store.one;
      const read = async (query: Partial<ConversationQuery>): Promise<unknown> => {
        const { total, atLeast } = await conversations.list({ limit: 1, ...query });
        return [total, atLeast];
      };
      assert.deepEqual(await read({}), [countLimit, true]);
      assert.deepEqual(await read({ q: "zoe" }), [foundLimit, true]);
      assert.equal((await conversations.counts({})).all, countLimit + 1);
      await conversations.erase(`${accountId}_0`);
      assert.deepEqual(await read({}), [countLimit, false]);
      assert.deepEqual(await read({ q: "zoe" }), [foundLimit, false]);
      assert.equal((await conversations.counts({})).all, countLimit);
    },
  },
];
