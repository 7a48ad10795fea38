import assert from "node:assert/strict";
import { Lane, laneCapacity } from "@/outbound/lane.ts";
import { paceOf } from "@/outbound/pace.ts";
import type { LimitStore } from "@/store/store.ts";

const noon = new Date("2026-11-24T12:00:00Z");
const after = (ms: number): Date => new Date(noon.getTime() + ms);
const pace = paceOf(20, 300);

/** Slots one interval apart from noon on; nothing else of the port is used by a lane. */
function makeLane(): Lane {
  let next = 0;
  const reserve = (_key: string, intervalMs: number): Promise<Date> => Promise.resolve(after(intervalMs * next++));
  return new Lane("1784", { reserve } as LimitStore);
}

Deno.test("Lane.inTurn() does one thing at a time, in the order of entering, also after a failure", async () => {
  const lane = makeLane();
  const seen: string[] = [];
  const slow = Promise.withResolvers<void>();
  const first = lane.inTurn(async () => {
    await slow.promise;
    seen.push("first");
    throw new RangeError("first");
  });
  const second = lane.inTurn(() => Promise.resolve(seen.push("second")));
  assert.equal(lane.waiting, 2);
  slow.resolve();
  await assert.rejects(first, RangeError);
  await second;
  assert.deepEqual([seen, lane.waiting], [["first", "second"], 0]);
});

Deno.test("Lane.takeSlot() gives the slot that was kept before it takes another (C10)", async () => {
  const lane = makeLane();
  const slot = await lane.takeSlot(pace, noon);
  lane.keepSlot(slot);
  assert.deepEqual(await lane.takeSlot(pace, after(pace.toleranceMs)), slot);
  assert.deepEqual(await lane.takeSlot(pace, noon), after(55));
});

Deno.test("Lane.takeSlot() throws a kept slot away that is too old (C10)", async () => {
  const lane = makeLane();
  lane.keepSlot(await lane.takeSlot(pace, noon));
  assert.deepEqual(await lane.takeSlot(pace, after(pace.toleranceMs + 1)), after(55));
});

Deno.test("laneCapacity() is what fits into the wait, and one at least", () => {
  assert.deepEqual([65, 434, 13_000].map((ms) => laneCapacity(ms, 5_000)), [76, 11, 1]);
});
