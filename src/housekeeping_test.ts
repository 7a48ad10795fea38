import assert from "node:assert/strict";
import { makeHousekeeper } from "@/housekeeping.ts";
import { makeMetrics } from "@/metrics.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { save } from "@/store/testing/check.ts";
import { accountId, makeAccount, makeMessage } from "@/store/testing/factories.ts";

const dayMs = 24 * 3_600_000;

/** Lets housekeeping run on messages of the given ages in days; answers the ages that are left. */
async function agesLeft(retentionDays: number, ages: readonly number[]): Promise<readonly number[]> {
  await using opened = await openTemporaryStore();
  const { one: store, clock } = opened;
  await store.accounts.put(makeAccount({ id: accountId, settings: { retentionDays } }), 0);
  const messages = ages.map((age) =>
    makeMessage({ mid: `age-${age}`, at: new Date(clock.now().getTime() - age * dayMs) })
  );
  await save(store, {}, { messages });
  await makeHousekeeper({ store, clock, metrics: makeMetrics() }).drain();
  const left = new Set((await store.messages.byIds(messages.map(({ id }) => id))).map(({ mid }) => mid));
  return ages.filter((age) => left.has(`age-${age}`));
}

Deno.test("messages are removed when they are older than the account's retention", async () => {
  assert.deepEqual(await agesLeft(30, [1, 29, 31, 400]), [1, 29]);
});

Deno.test("messages of the last three days stay, whatever the retention: Meta may repeat them (C2)", async () => {
  assert.deepEqual(await agesLeft(1, [0, 2, 4]), [0, 2]);
});
