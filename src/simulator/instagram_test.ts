import assert from "node:assert/strict";
import { simulatedAccount, SimulatedInstagram } from "@tests/support/simulated_instagram.ts";
import { signBody } from "./envelope.ts";

const [lucia, tomas] = ["6170000000000101", "6170000000000102"];
const hourMs = 3_600_000;

async function errorOf(response: Response): Promise<readonly [number, number | undefined]> {
  const { error } = await response.json();
  return [error.code, error.error_subcode];
}

Deno.test("a contact's text arrives signed over its raw bytes, and in the thread", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { mids } = await simulated.instagram.contactSends(lucia, { kind: "text", text: "¿Cuánto cuesta? 😀 a/b" });
  const [{ body, signature }] = simulated.received;
  assert.equal(signature, await signBody(body, simulatedAccount.appSecret));
  assert.match(body, /\\u00bfCu\\u00e1nto cuesta\? \\ud83d\\ude00 a\\\/b/);
  assert.deepEqual(simulated.instagram.thread(lucia)?.messages.map(({ mid }) => mid), mids);
});

Deno.test("a sent text is answered, applied once, logged and in the thread", async () => {
  await using simulated = await SimulatedInstagram.open({ echoes: "never" });
  const { instagram, clock } = simulated;
  await instagram.contactSends(lucia, { kind: "text", text: "hola" });
  const answer = await (await simulated.send(lucia, "¡Hola!")).json();
  assert.deepEqual(answer, { recipient_id: lucia, message_id: instagram.applied(lucia)[0].mid });
  assert.deepEqual(instagram.applied().map(({ text, at }) => [text, at]), [["¡Hola!", clock.now()]]);
  const { call, psid, text, status, applied, mid, overlaps, path } = instagram.log[0];
  assert.deepEqual({ call, psid, text, status, applied, mid, overlaps, path }, {
    call: "send",
    psid: lucia,
    text: "¡Hola!",
    status: 200,
    applied: true,
    mid: answer.message_id,
    overlaps: 0,
    path: "/v25.0/me/messages",
  });
});

Deno.test("a text is refused 24 h after the contact's last message, and not a moment earlier", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  simulated.clock.advance(24 * hourMs);
  assert.equal(await simulated.sendStatus(lucia, "in time"), 200);
  simulated.clock.advance(1);
  assert.deepEqual(await errorOf(await simulated.send(lucia, "late")), [10, 2534022]);
  assert.deepEqual(simulated.instagram.applied().map(({ text }) => text), ["in time"]);
});

Deno.test("a person's text with the human-agent tag is taken for 7 days", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  simulated.clock.advance(7 * 24 * hourMs);
  assert.equal(await simulated.sendStatus(lucia, "sorry", { tag: "HUMAN_AGENT" }), 200);
  simulated.clock.advance(1);
  assert.deepEqual(await errorOf(await simulated.send(lucia, "late", { tag: "HUMAN_AGENT" })), [10, 2534022]);
  assert.deepEqual(await errorOf(await simulated.send(lucia, "odd", { tag: "ACCOUNT_UPDATE" })), [100, undefined]);
});

Deno.test("a reaction, a read mark, an edit and an unsend do not open the window; a postback does", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { mids: [mid] } = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  simulated.clock.advance(25 * hourMs);
  await simulated.instagram.contactSends(lucia, [
    { kind: "reaction", mid },
    { kind: "seen", mid },
    { kind: "edit", mid, text: "ola" },
    { kind: "unsend", mid },
  ]);
  assert.deepEqual(await errorOf(await simulated.send(lucia, "x")), [10, 2534022]);
  await simulated.instagram.contactSends(lucia, { kind: "postback", title: "Buy", payload: "BUY" });
  assert.equal(await simulated.sendStatus(lucia, "x"), 200);
});

Deno.test("texts of 1 to 1000 bytes are taken; empty and longer ones are refused", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  const statuses: number[] = [];
  for (const text of ["", "x", "ñ".repeat(500), `${"ñ".repeat(500)}x`]) {
    statuses.push(await simulated.sendStatus(lucia, text));
  }
  assert.deepEqual(statuses, [400, 200, 200, 400]);
});

Deno.test("nothing reaches a stranger, a contact who never wrote, or one who blocked the business", async () => {
  await using simulated = await SimulatedInstagram.open();
  assert.deepEqual(await errorOf(await simulated.send("999", "x")), [100, 2534014]);
  assert.deepEqual(await errorOf(await simulated.send(tomas, "x")), [10, 2534022]);
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  simulated.instagram.setContact(lucia, { blocked: true });
  assert.deepEqual(await errorOf(await simulated.send(lucia, "x")), [551, 1545041]);
  assert.deepEqual(simulated.instagram.applied(), []);
});

Deno.test("text and attachment in one body deliver the text alone", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  const message = { text: "look", attachment: { type: "image", payload: { url: "https://x.test/a.png" } } };
  const body = JSON.stringify({ recipient: { id: lucia }, message });
  await (await simulated.call("/v25.0/me/messages", { method: "POST", body })).json();
  assert.deepEqual(simulated.instagram.thread(lucia)?.messages.at(-1)?.attachments, []);
});

Deno.test("a typing mark is answered and applies nothing", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  const body = JSON.stringify({ recipient: { id: lucia }, sender_action: "typing_on" });
  const response = await simulated.call("/v25.0/me/messages", { method: "POST", body });
  assert.deepEqual(await response.json(), { recipient_id: lucia });
  assert.deepEqual([simulated.instagram.log[0].call, simulated.instagram.log[0].applied], ["senderAction", false]);
});

Deno.test("a wrong, an expired and a replaced token are refused with 190", async () => {
  await using simulated = await SimulatedInstagram.open();
  const me = (token: string): Promise<Response> => simulated.call(`/v25.0/me?access_token=${token}`, { headers: {} });
  assert.deepEqual(await errorOf(await me("wrong")), [190, undefined]);
  simulated.instagram.expireToken();
  assert.deepEqual(await errorOf(await me(simulatedAccount.token)), [190, 463]);
  simulated.instagram.setToken("next");
  assert.equal((await (await me("next")).json()).id, "27841400000000000");
  assert.deepEqual(await errorOf(await me(simulatedAccount.token)), [190, undefined]);
});

Deno.test("a token lives 60 days; a refreshed one 60 days from its refresh, but not within a day of its birth", async () => {
  await using simulated = await SimulatedInstagram.open();
  const refresh = async (token: string): Promise<Record<string, unknown>> =>
    (await simulated.call(`/refresh_access_token?grant_type=ig_refresh_token&access_token=${token}`, { headers: {} }))
      .json();
  const { access_token: fresh, expires_in: seconds } = await refresh(simulatedAccount.token);
  assert.equal(seconds, 60 * 24 * 3_600);
  assert.ok("error" in await refresh(String(fresh)));
  simulated.clock.advance(58 * 24 * hourMs);
  assert.deepEqual(await errorOf(await simulated.call("/v25.0/me")), [190, 463]);
  assert.ok("access_token" in await refresh(String(fresh)));
});

Deno.test("the log is only added to: entries are frozen and stay as they were", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  await (await simulated.send(lucia, "one")).json();
  const before = structuredClone(simulated.instagram.log);
  assert.throws(() => Object.assign(simulated.instagram.log[0], { applied: false }), TypeError);
  await (await simulated.send(lucia, "two")).json();
  assert.deepEqual(simulated.instagram.log.slice(0, 1), before);
  assert.deepEqual(simulated.instagram.log.map(({ seq }) => seq), [1, 2]);
});

Deno.test("nextRequest() resolves with the first request that comes after it was called", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  await (await simulated.send(lucia, "one")).json();
  const next = simulated.instagram.nextRequest();
  await (await simulated.send(lucia, "two")).json();
  assert.equal((await next).text, "two");
});

Deno.test("waitFor() gives up after its time, and says so", async () => {
  await using simulated = await SimulatedInstagram.open();
  await assert.rejects(simulated.instagram.waitFor(() => false, { timeoutMs: 1 }), /nothing fitting came in 1 ms/);
});

Deno.test("an app that subscribes to an unknown field is refused whole, and keeps what it had", async () => {
  await using simulated = await SimulatedInstagram.open();
  const path = `/v25.0/${simulatedAccount.accountId}/subscribed_apps`;
  await (await simulated.call(`${path}?subscribed_fields=messages,message_echoes`, { method: "POST" })).json();
  const wrong = await simulated.call(path, { method: "POST", body: JSON.stringify({ subscribed_fields: ["nope"] }) });
  assert.deepEqual(await errorOf(wrong), [100, undefined]);
  const { data } = await (await simulated.call(path)).json();
  assert.deepEqual(data, [{ subscribed_fields: ["messages", "message_echoes"] }]);
});

Deno.test("a path that Graph does not know is answered 500 with code 2500", async () => {
  await using simulated = await SimulatedInstagram.open();
  const response = await simulated.call("/v25.0/v25.0/me/messages", { method: "POST", body: "{}" });
  assert.equal(response.status, 500);
  assert.deepEqual(await errorOf(response), [2500, undefined]);
});
