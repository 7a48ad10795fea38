import assert from "node:assert/strict";
import { SimulatedInstagram } from "@tests/support/simulated_instagram.ts";
import { type EchoPolicy, planEcho } from "./echo_policy.ts";
import { seededRandom } from "./random.ts";

const lucia = "6170000000000101";

async function openWithContact(echoes: EchoPolicy): Promise<SimulatedInstagram> {
  const simulated = await SimulatedInstagram.open({ echoes });
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  return simulated;
}

function echoesIn(simulated: SimulatedInstagram): readonly Record<string, unknown>[] {
  return simulated.events
    .map(({ message }) => message as Record<string, unknown>)
    .filter((message) => message.is_echo === true);
}

Deno.test("a text sent through the API is echoed with the mid of its answer", async () => {
  await using simulated = await openWithContact("immediately");
  const { message_id: mid } = await (await simulated.send(lucia, "hello")).json();
  await simulated.instagram.waitFor((_log, deliveries) => deliveries.length === 2);
  assert.deepEqual(echoesIn(simulated), [{ mid, text: "hello", is_echo: true }]);
});

Deno.test("echoes before the answer: the webhook has the echo when the sender gets its answer", async () => {
  await using simulated = await openWithContact("beforeAnswer");
  await (await simulated.send(lucia, "hello")).json();
  assert.equal(echoesIn(simulated).length, 1);
});

Deno.test("echoes twice: the same echo comes two times", async () => {
  await using simulated = await openWithContact("twice");
  await (await simulated.send(lucia, "hello")).json();
  await simulated.instagram.waitFor((_log, deliveries) => deliveries.length === 3);
  const [one, two] = echoesIn(simulated);
  assert.deepEqual(one, two);
});

Deno.test("echoes delayed: the echo comes when the time has passed", async () => {
  await using simulated = await openWithContact({ delayMs: 9_000 });
  await (await simulated.send(lucia, "hello")).json();
  assert.equal(echoesIn(simulated).length, 0);
  simulated.clock.advance(9_000);
  await simulated.instagram.waitFor((_log, deliveries) => deliveries.length === 2);
  assert.equal(echoesIn(simulated).length, 1);
});

Deno.test("echoes never: closing finds none under way", async () => {
  const simulated = await openWithContact("never");
  await (await simulated.send(lucia, "hello")).json();
  await simulated[Symbol.asyncDispose]();
  assert.equal(echoesIn(simulated).length, 0);
});

Deno.test("a text that was applied is echoed even when its sender got an error", async () => {
  await using simulated = await openWithContact("beforeAnswer");
  simulated.instagram.fail({ fault: "serverErrorApplied" });
  assert.equal(await simulated.sendStatus(lucia, "hello"), 500);
  assert.deepEqual(echoesIn(simulated).map(({ text }) => text), ["hello"]);
});

Deno.test("what the owner types in the Instagram app is echoed, and is no API send", async () => {
  await using simulated = await openWithContact("immediately");
  const { mids: [mid] } = await simulated.instagram.appSends(lucia, "it's me");
  assert.deepEqual(echoesIn(simulated), [{ mid, text: "it's me", is_echo: true }]);
  assert.deepEqual(simulated.instagram.applied(), []);
  assert.equal(simulated.instagram.thread(lucia)?.messages.at(-1)?.via, "app");
});

Deno.test("planEcho() mixed: one in twenty never, one in twenty twice, the others within 20 s", () => {
  const random = seededRandom(3);
  const plans = Array.from({ length: 10_000 }, () => planEcho("mixed", random));
  const share = (count: number): number => Math.round(count / 500);
  assert.equal(share(plans.filter((plan) => plan === undefined).length), 1);
  assert.equal(share(plans.filter((plan) => plan?.delivery.copies === 2).length), 1);
  assert.ok(plans.every((plan) => (plan?.delivery.delayMs ?? 0) < 20_000));
});
