import assert from "node:assert/strict";
import { startChange, withContact } from "@/conversation/aggregate.ts";
import { commitTruth } from "@/outbound/commit_truth.ts";
import { conversationId } from "@/store/records.ts";
import { StoreUnavailableError } from "@/store/store.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { accountId, openBench } from "@tests/support/outbound_bench.ts";

const id = conversationId(accountId, "6001");

Deno.test("commitTruth() applies what is known to the newest state, however often somebody else is faster (C21)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  const { store } = bench;
  await bench.queue("6001", ["Hello"]);
  let rivals = 3;
  await commitTruth(id, async (aggregate) => {
    if (rivals-- > 0) {
      await store.conversations.commit(withContact(startChange(aggregate), { name: `rival ${rivals}` }));
    }
    return withContact(startChange(aggregate), { tags: ["kept"] });
  }, { store, clock });
  const contact = (await store.conversations.load(id))?.contact;
  assert.deepEqual([contact?.name, contact?.tags], ["rival 0", ["kept"]]);
});

Deno.test("commitTruth() waits for a store that is away, and gives up after a minute or so", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  await bench.queue("6001", ["Hello"]);
  const start = clock.now().getTime();
  const away = (): never => {
    throw new StoreUnavailableError("Cannot reach the store: it is away");
  };
  await assert.rejects(commitTruth(id, away, { store: bench.store, clock }), StoreUnavailableError);
  const waitedMs = clock.now().getTime() - start;
  assert.ok(waitedMs > 60_000 && waitedMs < 120_000, String(waitedMs));
});

Deno.test("commitTruth() writes nothing when there is nothing to write", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  await bench.queue("6001", ["Hello"]);
  const before = await bench.store.conversations.load(id);
  await commitTruth(id, () => undefined, { store: bench.store, clock: ManualClock.jumping() });
  assert.deepEqual(await bench.store.conversations.load(id), before);
});
