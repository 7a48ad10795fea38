import assert from "node:assert/strict";
import { Heartbeat, instanceState } from "@/heartbeat.ts";
import { makeMetrics, type Metrics } from "@/metrics.ts";
import type { Store } from "@/store/store.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

interface Beating {
  readonly heartbeat: Heartbeat;
  readonly metrics: Metrics;
}

function beatingOn(store: Store, { owner, clock }: { owner: string; clock: ManualClock }): Beating {
  const metrics = makeMetrics();
  const heartbeat = new Heartbeat({
    store,
    clock,
    metrics,
    owner,
    host: "shop-1",
    version: "0.1.0",
    rules: { state: () => ({ version: "v1" }) },
    workers: () => [{ name: "outbound", healthy: false }],
  });
  return { heartbeat, metrics };
}

async function statesSeenBy(store: Store): Promise<Readonly<Record<string, string>>> {
  const instances = await store.instances.list();
  return Object.fromEntries(instances.map((instance) => [instance.id, instanceState(instance, store.now())]));
}

Deno.test("Heartbeat shows an instance alive, gone once its lease is over, and for a day at most", async () => {
  await using stores = await openTemporaryStore();
  const [one, two] = ["one", "two"].map((owner, index) =>
    beatingOn(index === 0 ? stores.one : stores.two, { owner, clock: stores.clock })
  );
  await one.heartbeat.drain();
  await two.heartbeat.drain();
  for (let n = 0; n < 3; n++) {
    stores.clock.advance(10_000);
    await one.heartbeat.drain();
  }
  assert.deepEqual(await statesSeenBy(stores.one), { one: "alive", two: "alive" }, "beats may be missed");
  stores.clock.advance(10_000);
  await one.heartbeat.drain();
  assert.deepEqual(await statesSeenBy(stores.one), { one: "alive", two: "gone" });
  assert.match(await one.metrics.registry.metrics(), /moca_instances\{state="gone"\} 1/);
  stores.clock.advance(24 * 3_600_000);
  await one.heartbeat.drain();
  assert.deepEqual(await statesSeenBy(stores.two), { one: "alive" });
});

Deno.test("Heartbeat tells what the instance is, and takes it off the list at an orderly end", async () => {
  await using stores = await openTemporaryStore();
  const { heartbeat } = beatingOn(stores.one, { owner: "one", clock: stores.clock });
  await heartbeat.drain();
  const [{ id, host, version, ruleSet, workers }] = await stores.two.instances.list();
  assert.deepEqual([id, host, version, ruleSet], ["one", "shop-1", "0.1.0", "v1"]);
  assert.deepEqual(workers, [{ name: "outbound", healthy: false }]);
  await heartbeat.leave();
  assert.deepEqual(await stores.two.instances.list(), []);
});

Deno.test("Heartbeat goes on after a beat that the store did not take", async () => {
  await using stores = await openTemporaryStore();
  const away = await stores.another();
  const { heartbeat } = beatingOn(away, { owner: "one", clock: stores.clock });
  await away[Symbol.asyncDispose]();
  await assert.rejects(heartbeat.drain());
  await assert.rejects(heartbeat.drain(), "it is due still");
});
