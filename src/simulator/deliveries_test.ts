import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { SimulatedInstagram } from "@tests/support/simulated_instagram.ts";

const lucia = "6170000000000101";
const burst = { kind: "burst", texts: ["one", "two", "three"] } as const;

function textsOf(simulated: SimulatedInstagram): readonly unknown[] {
  return simulated.events.map(({ message }) => (message as { text: string }).text);
}

Deno.test("a burst comes as an envelope for each text, in order, with rising timestamps", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { mids } = await simulated.instagram.contactSends(lucia, burst);
  assert.equal(simulated.received.length, 3);
  assert.deepEqual(textsOf(simulated), ["one", "two", "three"]);
  const now = simulated.clock.now().getTime();
  assert.deepEqual(simulated.events.map(({ timestamp }) => timestamp), [now - 2, now - 1, now]);
  assert.equal(new Set(mids).size, 3);
});

Deno.test("a burst with gaps is written text by text, by the clock", async () => {
  await using simulated = await SimulatedInstagram.open({ clock: ManualClock.jumping() });
  const start = simulated.clock.now().getTime();
  await simulated.instagram.contactSends(lucia, { ...burst, gapMs: 700 });
  assert.deepEqual(simulated.events.map(({ timestamp }) => timestamp), [start, start + 700, start + 1_400]);
});

Deno.test("events share an envelope, come in another order, or come more than once, when asked to", async () => {
  await using shared = await SimulatedInstagram.open();
  await shared.instagram.contactSends(lucia, burst, { envelope: "shared", copies: 2 });
  assert.equal(shared.received.length, 2);
  assert.equal(shared.received[0].body, shared.received[1].body);
  assert.deepEqual(textsOf(shared), ["one", "two", "three", "one", "two", "three"]);
  await using reversed = await SimulatedInstagram.open();
  await reversed.instagram.contactSends(lucia, burst, { order: "reversed" });
  assert.deepEqual(textsOf(reversed), ["three", "two", "one"]);
});

Deno.test("a held delivery is in the thread at once, and reaches the webhook when released", async () => {
  await using simulated = await SimulatedInstagram.open();
  const delivery = await simulated.instagram.contactSends(lucia, burst, { held: true });
  assert.equal(simulated.instagram.thread(lucia)?.messages.length, 3);
  assert.equal(simulated.received.length, 0);
  delivery.release();
  assert.deepEqual(await delivery.offered, [200, 200, 200]);
});

Deno.test("a delayed delivery leaves after the delay with the time of its writing", async () => {
  await using simulated = await SimulatedInstagram.open();
  const writtenAt = simulated.clock.now().getTime();
  const delivery = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" }, { delayMs: 5_000 });
  simulated.clock.advance(4_999);
  assert.equal(simulated.received.length, 0);
  simulated.clock.advance(1);
  await delivery.offered;
  assert.deepEqual(simulated.events.map(({ timestamp }) => timestamp), [writtenAt]);
});

Deno.test("edits of one message are counted; edit 0 is sent as asked", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { mids: [mid] } = await simulated.instagram.contactSends(lucia, { kind: "text", text: "a" });
  await simulated.instagram.contactSends(lucia, [
    { kind: "edit", mid, text: "b" },
    { kind: "edit", mid, text: "c" },
    { kind: "edit", mid, text: "c", number: 0 },
  ]);
  const numbers = simulated.events.slice(1).map((event) => (event.message_edit as { num_edit: number }).num_edit);
  assert.deepEqual(numbers, [1, 2, 0]);
});

Deno.test("an envelope that was not answered 2xx is tried again with growing pauses, byte for byte the same", async () => {
  const answer = (count: number): number => count < 4 ? 503 : 200;
  await using simulated = await SimulatedInstagram.open({ clock: ManualClock.jumping(), answer });
  const delivery = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  assert.deepEqual(await delivery.settled, ["accepted"]);
  const tries = simulated.instagram.deliveries;
  assert.deepEqual(tries.map(({ attempt, status }) => [attempt, status]), [[1, 503], [2, 503], [3, 503], [4, 200]]);
  const times = tries.map(({ at }) => at.getTime() - tries[0].at.getTime());
  assert.deepEqual(times, [0, 0, 1_000, 6_000]);
  assert.equal(new Set(simulated.received.map(({ body }) => body)).size, 1);
});

Deno.test("an envelope that nobody takes is given up after the last pause", async () => {
  const options = { clock: ManualClock.jumping(), answer: () => 500, retryPausesMs: [0, 1_000] };
  await using simulated = await SimulatedInstagram.open(options);
  const delivery = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  assert.deepEqual(await delivery.settled, ["givenUp"]);
  assert.equal(simulated.received.length, 3);
});

Deno.test("closing ends what waits to be tried again", async () => {
  const simulated = await SimulatedInstagram.open({ answer: () => 500, retryPausesMs: [60_000] });
  const delivery = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  await simulated[Symbol.asyncDispose]();
  assert.deepEqual(await delivery.settled, ["stopped"]);
});
