import assert from "node:assert/strict";
import fc from "fast-check";
import type { Aggregate } from "@/conversation/aggregate.ts";
import { accept, type Ingest, openIngest } from "@/ingest/testing/ingest.ts";
import { accountId, echo, envelope, inbound, psid } from "@/instagram/parse/testing/envelopes.ts";
import type { Message } from "@/store/records.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");

type Item = Readonly<Record<string, unknown>>;

function at(seconds: number): { timestamp: number } {
  return { timestamp: noon - 600_000 + seconds * 1_000 };
}

/** What happens between a contact and the account in ten minutes, of every kind. */
const history: readonly Item[] = [
  inbound({ message: { mid: "a", text: "Hi" } }, at(1)),
  inbound({ message_edit: { mid: "a", text: "Hi", num_edit: 0 } }, at(1)),
  inbound({ message: { mid: "b", text: "Do you have red chirs?" } }, at(2)),
  inbound({ message_edit: { mid: "b", text: "Do you have red chairs?", num_edit: 1 } }, at(3)),
  inbound({ message_edit: { mid: "b", text: "Do you have two red chairs?", num_edit: 2 } }, at(4)),
  inbound({ message: { mid: "c", text: "secret" } }, at(5)),
  inbound({ message_edit: { mid: "c", text: "still secret", num_edit: 1 } }, at(6)),
  inbound({ message: { mid: "c", is_deleted: true } }, at(7)),
  inbound({ message: { mid: "d", attachments: [{ type: "image", payload: { url: "https://x.example/1" } }] } }, at(8)),
  echo({ mid: "e", text: "We do!" }, at(9)),
  inbound({ read: { mid: "e" } }, at(10)),
  inbound({ reaction: { mid: "e", action: "react", emoji: "\u2764" } }, at(11)),
  inbound({ reaction: { mid: "e", action: "unreact" } }, at(12)),
  inbound({ reaction: { mid: "e", action: "react", emoji: "\u{1F44D}" } }, at(13)),
  echo({ mid: "f", text: "typo" }, at(14)),
  echo({ mid: "f", is_deleted: true }, at(15)),
  inbound({ postback: { mid: "g", title: "Prices", payload: "PRICES" } }, at(16)),
  inbound({ referral: { ref: "r", type: "OPEN_THREAD" } }, at(17)),
  inbound({ optin: { type: "x" } }, at(18)),
  inbound({ teleport: {} }, at(19)),
  inbound({ message: { mid: "h", text: "Thanks" } }, at(19)),
];

/** Fields that tell when and how often something was written, not what. */
const unordered: ReadonlySet<string> = new Set(["ver", "updatedAt", "receivedAt"]);

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, inner) => unordered.has(name) ? undefined : inner));
}

async function endState({ store }: Ingest): Promise<{ messages: unknown; aggregate: unknown }> {
  const id = `${accountId}_${psid}`;
  const { items } = await store.messages.page(id, { limit: 200 });
  const aggregate: Aggregate | undefined = await store.conversations.load(id);
  const byId = (a: Message, b: Message): number => a.id < b.id ? -1 : 1;
  return { messages: plain([...items].sort(byId)), aggregate: plain(aggregate) };
}

/** The end after the batches came in this order. */
async function endAfter(batches: readonly (readonly Item[])[]): Promise<unknown> {
  await using ingest = await openIngest();
  for (const batch of batches) {
    await accept(ingest.store, envelope(batch));
    await ingest.worker.drain();
  }
  return await endState(ingest);
}

/** The history shuffled, some of it twice, cut into batches. */
const deliveries = fc.shuffledSubarray([...history, ...history], { minLength: history.length }).chain((items) => {
  const missing = history.filter((item) => !items.includes(item));
  const all = [...items, ...missing];
  return fc.array(fc.integer({ min: 1, max: 8 }), { minLength: all.length, maxLength: all.length }).map((sizes) =>
    cut(all, sizes)
  );
});

function cut(items: readonly Item[], sizes: readonly number[]): Item[][] {
  const batches: Item[][] = [];
  let from = 0;
  for (const size of sizes) {
    if (from < items.length) batches.push(items.slice(from, from + size));
    from += size;
  }
  return batches;
}

Deno.test("ingest ends in the same messages and conversation for every order, repetition and batching (C3)", async () => {
  const wanted = await endAfter(history.map((item) => [item]));
  await fc.assert(
    fc.asyncProperty(deliveries, async (batches) => {
      assert.deepEqual(await endAfter(batches), wanted);
    }),
    { numRuns: 60 },
  );
});
