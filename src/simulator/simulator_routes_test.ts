import assert from "node:assert/strict";
import { SimulatedInstagram } from "@tests/support/simulated_instagram.ts";
import { simulatorRoutes } from "./simulator_routes.ts";

const lucia = "6170000000000101";

interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- JSON of many shapes, only compared
  readonly body: any;
}

/** A time that has been moved on as far as it goes. */
const time = { aheadMs: 5, moveOn: () => Promise.resolve("tooFar" as const) };

async function ask(simulated: SimulatedInstagram, path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined
    ? {}
    : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await simulatorRoutes({ instagram: simulated.instagram, time }).request(path, init);
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

Deno.test("POST /messages makes a known person write a burst", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { status, body } = await ask(simulated, "/messages", { name: "Lucía Méndez", texts: ["hola", "¿precio?"] });
  assert.deepEqual([status, body.psid, body.mids.length], [202, lucia, 2]);
  await simulated.instagram.waitFor((_log, deliveries) => deliveries.length === 2);
  assert.equal((await ask(simulated, `/threads/${lucia}`)).body.messages.length, 2);
});

Deno.test("POST /messages makes a new person of a new name", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { body } = await ask(simulated, "/messages", { name: "Ana Ruiz", texts: ["hola"] });
  const again = await ask(simulated, "/messages", { name: "Ana Ruiz", texts: ["otra"] });
  assert.equal(again.body.psid, body.psid);
  const { items } = (await ask(simulated, "/contacts")).body;
  assert.deepEqual([items.length, items.at(-1).username], [4, "ana_ruiz"]);
});

Deno.test("POST /events does what its kind says, travelling as asked", async () => {
  await using simulated = await SimulatedInstagram.open();
  const event = { psid: lucia, kind: "storyMention", delivery: { copies: 2 } };
  assert.equal((await ask(simulated, "/events", event)).status, 202);
  await simulated.instagram.waitFor((_log, deliveries) => deliveries.length === 2);
  assert.match(simulated.received[1].body, /"type":"story_mention"/);
});

Deno.test("POST /app-messages lets the owner type in the Instagram app", async () => {
  await using simulated = await SimulatedInstagram.open();
  assert.equal((await ask(simulated, "/app-messages", { psid: lucia, text: "hi" })).status, 202);
  assert.match(simulated.received[0].body, /"is_echo":true/);
});

Deno.test("POST /faults plans one fault, a bad day, the end of both, and an expired token", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  const send = (): Promise<number> => simulated.sendStatus(lucia, "x");
  assert.equal((await ask(simulated, "/faults", { fault: "http429", times: 1 })).status, 204);
  assert.equal(await send(), 429);
  await ask(simulated, "/faults", { fault: "serverError", rate: 1 });
  await ask(simulated, "/faults", { plan: "none" });
  assert.equal(await send(), 200);
  await ask(simulated, "/faults", { plan: "expireToken" });
  assert.equal(await send(), 401);
  await ask(simulated, "/faults", { plan: "renewToken" });
  assert.equal(await send(), 200);
});

Deno.test("GET /log gives the newest entries, or those after a number, of one contact when asked", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  for (const text of ["one", "two", "three"]) await (await simulated.send(lucia, text)).json();
  const textsAt = async (path: string): Promise<readonly string[]> =>
    (await ask(simulated, path)).body.items.map((entry: { text: string }) => entry.text);
  assert.deepEqual(await textsAt("/log?limit=2"), ["two", "three"]);
  assert.deepEqual(await textsAt("/log?after=1&limit=1"), ["two"]);
  assert.deepEqual(await textsAt("/log?psid=999"), []);
});

Deno.test("a request with a wrong field is refused with 422 that names it, one that is no JSON with 400", async () => {
  await using simulated = await SimulatedInstagram.open();
  const wrong = await ask(simulated, "/faults", { fault: "earthquake" });
  assert.deepEqual([wrong.status, wrong.body.error.code], [422, "invalid"]);
  const { status, body } = await ask(simulated, "/messages", { psid: "not-a-number", texts: [] });
  assert.deepEqual([status, Object.keys(body.error.fields)], [422, ["psid", "texts"]]);
  const app = simulatorRoutes({ instagram: simulated.instagram, time });
  const headers = { "content-type": "application/json" };
  const broken = await app.request("/messages", { method: "POST", headers, body: "{" });
  assert.deepEqual([broken.status, (await broken.json()).error.code], [400, "bad_request"]);
  assert.equal((await ask(simulated, "/threads/999")).status, 404);
});

Deno.test("POST /clock says when the time cannot be moved on so far, and GET tells how far it is", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { status, body } = await ask(simulated, "/clock", { ms: 1_000 });
  assert.deepEqual([status, body.error.code], [409, "conflict"]);
  assert.deepEqual((await ask(simulated, "/clock")).body, { aheadMs: 5 });
  assert.equal((await ask(simulated, "/clock", { ms: 0 })).status, 422);
});
