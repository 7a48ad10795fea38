/** Instagram's limits: Moca slows down before it is stopped, loses nothing when it is, and recovers. */
import assert from "node:assert/strict";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const minute = 60_000;

function contacts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `20000000000${String(index).padStart(5, "0")}`);
}

async function paceOf(test: TestMoca): Promise<Json> {
  return (await test.get("/accounts")).items[0].pace;
}

async function writeAll(test: TestMoca, psids: readonly string[]): Promise<void> {
  await Promise.all(psids.map((psid) => test.instagram.contactSends(psid, { kind: "text", text: "hola" })));
}

Deno.test("a storm of 429 lowers the pace, costs no item a try, and everything is sent once (C7, C10)", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  const psids = contacts(15);
  test.instagram.fail({ fault: "http429", rate: 0.6 });
  await writeAll(test, psids);
  const factors: number[] = [];
  for (let round = 0; round < 12; round++) {
    await test.pass(15_000, 3_000);
    factors.push((await paceOf(test)).factor);
  }
  assert.ok(Math.min(...factors) < 0.5, `the pace fell to ${Math.min(...factors)} at the lowest`);
  test.instagram.clearFaults();
  await test.pass(40 * minute, 20_000);
  assert.deepEqual(psids.map((psid) => test.delivered(psid).length), psids.map(() => 1));
  const { items } = await test.get("/outbound?limit=200");
  assert.deepEqual([...new Set(items.map(({ state, spent }: Json) => `${state} ${spent}`))], ["sent 0"]);
  assert.ok(test.instagram.log.filter(({ status }) => status === 429).length > 0);
  assert.equal((await paceOf(test)).factor, 1);
});

for (const header of ["business", "app"] as const) {
  Deno.test(`by the ${header} usage header Moca slows down before it is stopped, and sends all in the end`, async () => {
    await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
    const psids = contacts(24);
    test.instagram.limitCalls({ callsPerHour: 30, header });
    await writeAll(test, psids);
    await test.pass(20_000, 1_000);
    const slowed = await paceOf(test);
    assert.ok(slowed.factor < 1 && slowed.usagePercent > 50, JSON.stringify(slowed));
    await test.pass(5 * 60 * minute, 60_000);
    assert.deepEqual(psids.map((psid) => test.delivered(psid).length), psids.map(() => 1));
    if (header === "business") {
      // Only this header says how long to wait. Those that stand in the lane already may go out with the first.
      const refused = test.instagram.log.filter(({ call, code }) => call === "send" && code !== undefined);
      assert.ok(refused.length <= 12, `${refused.length} sends were refused`);
    }
    const { items } = await test.get("/outbound?limit=200");
    assert.deepEqual([...new Set(items.map(({ spent }: Json) => spent))], [0]);
  });
}

Deno.test("the queue page and the metrics say that the account is slowed down", async () => {
  await using test = await TestMoca.start();
  test.instagram.limitCalls({ callsPerHour: 8, header: "app" });
  await writeAll(test, contacts(3));
  await test.pass(5_000);
  await test.pass(minute, 10_000);
  const { usagePercent, factor } = await paceOf(test);
  assert.ok(usagePercent > 50 && factor < 1);
  const metrics = await test.metrics();
  assert.match(metrics, /moca_pace_factor\{account="\d+"\} 0\.\d+/);
  assert.match(metrics, /moca_instagram_usage_percent\{account="\d+"\} \d+/);
});
