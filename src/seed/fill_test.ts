import assert from "node:assert/strict";
import { fillStore } from "@/seed/fill.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { readWhole } from "@/store/testing/transfer_checks.ts";

const size = { contacts: 30, messages: 400 };

Deno.test("fillStore() makes as many contacts and messages as asked for, and a shop that works on", async () => {
  await using store = await openTemporaryStore();
  await using transfer = await store.transfer();
  await fillStore(transfer, size);
  assert.equal(await transfer.count("contacts"), 30);
  assert.equal(await transfer.count("messages"), 400);
  const { items } = await store.one.conversations.list({ limit: 200 });
  const lengths = await Promise.all(
    items.map(async ({ conversation }) =>
      (await store.one.messages.page(conversation.id, { limit: 200 })).items.length
    ),
  );
  assert.ok(Math.min(...lengths) >= 1);
  assert.ok(Math.max(...lengths) > 20, "nobody writes much");
  assert.ok(await store.one.conversations.load(items[0].conversation.id));
});

Deno.test("fillStore() makes the same of the same seed, and something else of another", async () => {
  const dataOf = async (seed: number): Promise<unknown> => {
    await using store = await openTemporaryStore();
    await using transfer = await store.transfer();
    await fillStore(transfer, { ...size, seed });
    return await readWhole(transfer);
  };
  const [first, again, other] = [await dataOf(1), await dataOf(1), await dataOf(2)];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
});
