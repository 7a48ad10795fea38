import assert from "node:assert/strict";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { breakStore, type Fault, faults } from "@/store/testing/broken_store.ts";
import { storeChecks, type StoreUnderTest } from "@/store/testing/conformance.ts";

/** The promises that a store with the fault breaks, up to the first. */
async function findBroken(fault: Fault): Promise<string | undefined> {
  for (const { promise, run } of storeChecks) {
    await using sound = await openTemporaryStore();
    if (!await keeps(run, breakStore(sound, fault))) return promise;
  }
  return undefined;
}

async function keeps(run: (store: StoreUnderTest) => Promise<void>, store: StoreUnderTest): Promise<boolean> {
  try {
    await run(store);
    return true;
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
    return false;
  }
}

for (const [name, fault] of Object.entries(faults)) {
  Deno.test(`the suite rejects a store that ${name}`, async () => {
    assert.notEqual(await findBroken(fault), undefined, "the suite noticed nothing");
  });
}

Deno.test("the suite accepts a sound store that is wrapped as the broken ones are", async () => {
  assert.equal(await findBroken((store) => store), undefined);
});
