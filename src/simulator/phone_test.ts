import assert from "node:assert/strict";
import { SimulatedInstagram } from "@tests/support/simulated_instagram.ts";
import { Phone } from "./phone.ts";

const lucia = "6170000000000101";

function phoneOf({ instagram, clock }: SimulatedInstagram): Phone {
  return new Phone(instagram, { aheadMs: 0, now: () => clock.now(), moveOn: () => Promise.resolve("moved") });
}

/** The texts of the webhooks that came, once so many have. */
async function textsReceived({ instagram }: SimulatedInstagram, count: number): Promise<readonly string[]> {
  return await instagram.waitFor((_, { length }) =>
    length >= count && instagram.deliveries.map(({ body }) => JSON.parse(body).entry[0].messaging[0].message.text)
  );
}

Deno.test("an answer that is to be refused is refused once, and what happened is remembered", async () => {
  await using simulated = await SimulatedInstagram.open({ echoes: "never" });
  const phone = phoneOf(simulated);
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  phone.arm(lucia, ["http429"]);
  assert.deepEqual(phone.armed(lucia), ["http429"]);
  assert.equal(await simulated.sendStatus(lucia, "first"), 429);
  assert.equal(await simulated.sendStatus(lucia, "second"), 200);
  assert.deepEqual(phone.armed(lucia), []);
  assert.deepEqual(phone.mishaps(lucia).map(({ fault }) => fault), ["http429"]);
});

Deno.test("what was armed is called off by arming something else, for that contact alone", async () => {
  await using simulated = await SimulatedInstagram.open();
  const phone = phoneOf(simulated);
  phone.arm("6170000000000102", ["windowClosed"]);
  phone.arm(lucia, ["http429", "duplicate"]);
  phone.arm(lucia, ["timeout"]);
  assert.deepEqual([phone.armed(lucia), phone.armed("6170000000000102")], [["timeout"], ["windowClosed"]]);
});

Deno.test("a webhook that is to come twice comes twice, the next one once", async () => {
  await using simulated = await SimulatedInstagram.open();
  const phone = phoneOf(simulated);
  phone.arm(lucia, ["duplicate"]);
  await phone.act(lucia, [{ kind: "text", text: "one" }]);
  assert.deepEqual(await textsReceived(simulated, 2), ["one", "one"]);
  await phone.act(lucia, [{ kind: "text", text: "two" }]);
  assert.deepEqual(await textsReceived(simulated, 3), ["one", "one", "two"]);
  assert.deepEqual(phone.mishaps(lucia).map(({ fault }) => fault), ["duplicate"]);
});

Deno.test("a webhook that is to come out of order is overtaken by the next one; a burst comes in reverse", async () => {
  await using simulated = await SimulatedInstagram.open();
  const phone = phoneOf(simulated);
  phone.arm(lucia, ["outOfOrder"]);
  await phone.act(lucia, [{ kind: "text", text: "one" }]);
  assert.equal(phone.isHolding(lucia), true);
  await phone.act(lucia, [{ kind: "text", text: "two" }]);
  assert.equal(phone.isHolding(lucia), false);
  assert.deepEqual(await textsReceived(simulated, 2), ["two", "one"]);
  phone.arm(lucia, ["outOfOrder"]);
  await phone.act(lucia, [{ kind: "burst", texts: ["three", "four"], gapMs: 500 }]);
  assert.deepEqual(await textsReceived(simulated, 4), ["two", "one", "four", "three"]);
});
