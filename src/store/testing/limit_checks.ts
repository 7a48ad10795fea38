import assert from "node:assert/strict";
import type { StoreCheck } from "@/store/testing/check.ts";
import { afterNoon } from "@/store/testing/factories.ts";

const gaps = (slots: readonly Date[]): number[] => {
  const times = slots.map((slot) => slot.getTime()).toSorted((a, b) => a - b);
  return times.slice(1).map((time, index) => time - times[index]);
};

export const limitChecks: readonly StoreCheck[] = [
  {
    promise: "limits.reserve() gives two instances slots that are never closer than the interval (C10)",
    run: async ({ one, two }) => {
      const slots = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).limits.reserve("shop", 433.3)),
      );
      assert.ok(gaps(slots).every((gap) => gap >= 433.3), `gaps ${gaps(slots)}`);
      assert.equal(Math.min(...slots.map((slot) => slot.getTime())), one.now().getTime());
    },
  },
  {
    promise: "limits.reserve() saves up no slots while nobody asks (C10)",
    run: async ({ one, clock }) => {
      await one.limits.reserve("shop", 100);
      clock.advance(5_000);
      const slots = [await one.limits.reserve("shop", 100), await one.limits.reserve("shop", 100)];
      assert.deepEqual(slots.map((slot) => slot.getTime() - one.now().getTime()), [0, 100]);
    },
  },
  {
    promise: "limits.reserve() keeps each key's slots apart from the others'",
    run: async ({ one }) => {
      await one.limits.reserve("shop", 60_000);
      assert.deepEqual(await one.limits.reserve("shop:read", 60_000), one.now());
    },
  },
  {
    promise: "limits.pause() lets no slot fall before its end, and a longer pause stays (C10)",
    run: async ({ one, two }) => {
      await one.limits.pause("shop", { until: afterNoon(30_000), strikes: 2, reason: "429" });
      await two.limits.pause("shop", { until: afterNoon(10_000), strikes: 3, reason: "613" });
      const state = await two.limits.get("shop");
      assert.deepEqual([state?.pausedUntil, state?.strikes], [afterNoon(30_000), 3]);
      assert.deepEqual(await two.limits.reserve("shop", 100), afterNoon(30_000));
      assert.deepEqual(await one.limits.reserve("shop", 100), afterNoon(30_100));
    },
  },
  {
    promise: "limits.clear() forgets pause and strikes, not the slots",
    run: async ({ one, two }) => {
      await one.limits.reserve("shop", 200);
      await one.limits.pause("shop", { until: afterNoon(30_000), strikes: 2, reason: "429" });
      await two.limits.clear("shop");
      const state = await one.limits.get("shop");
      assert.deepEqual([state?.pausedUntil, state?.strikes ?? 0, state?.reason], [undefined, 0, undefined]);
      assert.deepEqual(await one.limits.reserve("shop", 200), afterNoon(200));
      assert.equal(await one.limits.get("never"), undefined);
      await one.limits.clear("never");
    },
  },
  {
    promise: "limits.note() keeps the newest reading, beside pause, strikes and slots",
    run: async ({ one, two }) => {
      await one.limits.note("shop", { value: 80, at: afterNoon(2_000) });
      await two.limits.note("shop", { value: 20, at: afterNoon(1_000) });
      assert.deepEqual((await two.limits.get("shop"))?.reading, { value: 80, at: afterNoon(2_000) });
      await one.limits.pause("shop", { until: afterNoon(9_000), strikes: 2, reason: "429" });
      await two.limits.note("shop", { value: 30.5, at: afterNoon(2_000) });
      await one.limits.clear("shop");
      assert.deepEqual(await one.limits.get("shop"), { strikes: 0, reading: { value: 30.5, at: afterNoon(2_000) } });
      assert.deepEqual(await one.limits.reserve("shop", 100), one.now());
    },
  },
  {
    promise: "limits.reserve() goes on from the slots and pauses of a process that ended (C10)",
    run: async (store) => {
      await store.one.limits.reserve("shop", 500);
      await store.one.limits.pause("other", { until: afterNoon(7_000), strikes: 1, reason: "429" });
      await store.one[Symbol.asyncDispose]();
      await store.two[Symbol.asyncDispose]();
      await using again = await store.another();
      assert.deepEqual(await again.limits.reserve("shop", 500), afterNoon(500));
      assert.deepEqual(await again.limits.reserve("other", 500), afterNoon(7_000));
    },
  },
];
