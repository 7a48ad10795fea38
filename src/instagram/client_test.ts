import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { type InstagramClient, makeInstagramClient, type SendAnswer } from "@/instagram/client.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type GraphScript, type ScriptedReply, startScriptedGraph } from "@tests/support/scripted_graph.ts";

const token = "IGAAtoken";
const hello = { accountId: "1784", token, psid: "42", text: "Hello ✓" };
const sentBody = '{"recipient_id":"42","message_id":"mid-1"}';

function clientOf(url: string, clock = systemClock): InstagramClient {
  return makeInstagramClient({
    graph: { url, version: "v25.0" },
    clock,
    readPace: { limit: 100, intervalMs: 1 },
  });
}

async function sendTo(script: GraphScript): Promise<SendAnswer> {
  await using graph = startScriptedGraph(script);
  using client = clientOf(graph.url);
  return await client.sendText(hello);
}

Deno.test("sendText() posts the text as JSON, with the token in the header only (C26)", async () => {
  await using graph = startScriptedGraph(() => ({ status: 200, body: sentBody }));
  using client = clientOf(graph.url);
  assert.deepEqual(await client.sendText(hello), { kind: "sent", mid: "mid-1" });
  const [request] = graph.requests;
  assert.deepEqual([request?.method, request?.path, request?.query.toString()], ["POST", "/v25.0/me/messages", ""]);
  assert.deepEqual(request?.body, { recipient: { id: "42" }, message: { text: "Hello ✓" } });
  assert.equal(request?.headers.get("authorization"), `Bearer ${token}`);
});

Deno.test("sendText() marks what a person sends after the window", async () => {
  await using graph = startScriptedGraph(() => ({ status: 200, body: sentBody }));
  using client = clientOf(graph.url);
  await client.sendText({ ...hello, tag: "HUMAN_AGENT" });
  assert.deepEqual(graph.requests[0]?.body, {
    recipient: { id: "42" },
    message: { text: "Hello ✓" },
    messaging_type: "MESSAGE_TAG",
    tag: "HUMAN_AGENT",
  });
});

Deno.test("sendText() makes one request a text, also when a kept connection dies under it (C25)", async () => {
  let count = 0;
  await using graph = startScriptedGraph(() => (count++ % 3 === 2 ? "drop" : { status: 200, body: sentBody }));
  using client = clientOf(graph.url);
  const kinds: string[] = [];
  for (let n = 0; n < 60; n++) kinds.push((await client.sendText(hello)).kind);
  assert.equal(graph.requests.length, 60);
  assert.equal(kinds.filter((kind) => kind === "unknown").length, 20);
});

Deno.test("sendText() knows that a refused connection sent nothing", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  using client = clientOf(`http://127.0.0.1:${listener.addr.port}`);
  assert.equal((await client.sendText(hello)).kind, "notSent");
});

Deno.test("sendText() knows that a name without an address sent nothing", async () => {
  using client = clientOf("http://graph.invalid");
  assert.equal((await client.sendText(hello)).kind, "notSent");
});

const refusals: readonly [string, ScriptedReply, Partial<Record<string, unknown>>][] = [
  ["a dropped connection", "drop", { kind: "unknown", answered: false }],
  ["a success that breaks off", "cut", { kind: "unknown", answered: true }],
  ["a success without an id", { status: 200, body: {} }, { kind: "unknown", answered: true }],
  ["a success that is no JSON", { status: 200, body: "<html>" }, { kind: "unknown", answered: true }],
  ["status 500 with an error", graphError(500, 2), { kind: "unknown", answered: true }],
  ["status 502 of something in between", { status: 502, body: "<html>" }, { kind: "unknown", answered: false }],
  ["a closed window", graphError(400, 10, 2534022), { kind: "refused", class: "window" }],
  ["a dead token", graphError(401, 190), { kind: "refused", class: "token" }],
  ["a code without a row", graphError(400, 4_711), { kind: "unknown", unlisted: true }],
  ["code 613", graphError(400, 613), { kind: "throttled", unlisted: false }],
  ["status 429", { status: 429, headers: { "retry-after": "7" } }, { kind: "throttled", retryAfterMs: 7_000 }],
  ["another address", { status: 302, headers: { location: "http://127.0.0.1:1025/" } }, { kind: "unknown" }],
];

for (const [name, reply, expected] of refusals) {
  Deno.test(`sendText() takes ${name} for ${Object.values(expected).join(", ")}`, async () => {
    const answer: Record<string, unknown> = { ...await sendTo(() => reply) };
    for (const [field, value] of Object.entries(expected)) assert.equal(answer[field], value, JSON.stringify(answer));
  });
}

Deno.test("sendText() waits as long as the account's usage header says, in minutes", async () => {
  const usage = { "1784": [{ type: "instagram", call_count: 100, estimated_time_to_regain_access: 19 }] };
  const headers = { "x-business-use-case-usage": JSON.stringify(usage) };
  const answer = await sendTo(() => ({ ...graphErrorOf(80002), status: 400, headers }));
  assert.equal(answer.kind === "throttled" && answer.retryAfterMs, 19 * 60_000);
});

Deno.test("sendText() gives up after 15 s and calls the outcome unknown", async () => {
  const arrived = Promise.withResolvers<void>();
  await using graph = startScriptedGraph(() => {
    arrived.resolve();
    return new Promise(() => {});
  });
  const clock = new ManualClock();
  using client = clientOf(graph.url, clock);
  const answer = client.sendText(hello);
  await arrived.promise;
  clock.advance(15_000);
  assert.deepEqual(await answer, {
    kind: "unknown",
    answered: false,
    error: { message: "no answer came in time" },
    unlisted: false,
  });
});

const threadScript: GraphScript = ({ path }) => {
  if (path === "/v25.0/me/conversations") return { status: 200, body: { data: [{ id: "t_1" }] } };
  const entry = (id: string, second: number): unknown => ({
    id,
    created_time: `2026-11-24T12:00:0${second}+0000`,
    from: { id: "1784", username: "shop" },
    to: { data: [{ id: "42" }] },
    message: `text of ${id}`,
  });
  return { status: 200, body: { id: "t_1", messages: { data: [entry("m1", 1), entry("m2", 2)] } } };
};

Deno.test("readThread() answers a contact's messages, newest first", async () => {
  await using graph = startScriptedGraph(threadScript);
  using client = clientOf(graph.url);
  const thread = await client.readThread({ accountId: "1784", token, psid: "42" });
  assert.deepEqual(thread.kind === "read" && thread.messages, [
    { mid: "m2", at: new Date("2026-11-24T12:00:02Z"), fromId: "1784", text: "text of m2" },
    { mid: "m1", at: new Date("2026-11-24T12:00:01Z"), fromId: "1784", text: "text of m1" },
  ]);
  assert.equal(graph.requests[0]?.query.get("user_id"), "42");
  assert.equal(graph.requests[1]?.query.get("fields"), "messages{id,created_time,from,to,message}");
});

Deno.test("readThread() finds no messages where there is no thread", async () => {
  await using graph = startScriptedGraph(() => ({ status: 200, body: { data: [] } }));
  using client = clientOf(graph.url);
  const thread = await client.readThread({ accountId: "1784", token, psid: "42" });
  assert.deepEqual(thread, { kind: "read", messages: [] });
});

for (const [name, reply] of Object.entries({ "a 500": graphError(500, 2), "a dropped connection": "drop" as const })) {
  Deno.test(`readThread() does not take ${name} for an empty thread (C7)`, async () => {
    await using graph = startScriptedGraph(() => reply);
    using client = clientOf(graph.url);
    assert.equal((await client.readThread({ accountId: "1784", token, psid: "42" })).kind, "unreadable");
  });
}

Deno.test("readThread() does not take an answer without a list for an empty thread (C7)", async () => {
  await using graph = startScriptedGraph(() => ({ status: 200, body: {} }));
  using client = clientOf(graph.url);
  assert.equal((await client.readThread({ accountId: "1784", token, psid: "42" })).kind, "unreadable");
});

for (
  const [name, body] of Object.entries({
    flat: { user_id: "17841400000000001", username: "shop" },
    wrapped: { data: [{ user_id: "17841400000000001", username: "shop" }] },
  })
) {
  Deno.test(`me() reads the account from a ${name} answer`, async () => {
    await using graph = startScriptedGraph(() => ({ status: 200, body }));
    using client = clientOf(graph.url);
    assert.deepEqual(await client.me(token), { kind: "account", id: "17841400000000001", username: "shop" });
  });
}

Deno.test("me() keeps every digit of an id that comes as a number", async () => {
  await using graph = startScriptedGraph(() => ({ status: 200, body: '{"user_id":17841400000000001}' }));
  using client = clientOf(graph.url);
  const account = await client.me(token);
  assert.equal(account.kind === "account" && account.id, "17841400000000001");
});

Deno.test("profile() takes a missing consent for nothing worse than an unknown name", async () => {
  await using graph = startScriptedGraph(() => graphError(403, 230));
  using client = clientOf(graph.url);
  assert.equal((await client.profile({ accountId: "1784", psid: "42", token })).kind, "unavailable");
});

Deno.test("profile() does not take a wrong address of the API for a contact who cannot be named", async () => {
  await using graph = startScriptedGraph(() => graphError(500, 2500));
  using client = clientOf(graph.url);
  assert.equal((await client.profile({ accountId: "1784", psid: "42", token })).kind, "failed");
});

Deno.test("profile() answers name and handle", async () => {
  await using graph = startScriptedGraph(() => ({ status: 200, body: { id: "42", name: null, username: "ada" } }));
  using client = clientOf(graph.url);
  assert.deepEqual(await client.profile({ accountId: "1784", psid: "42", token }), {
    kind: "known",
    name: undefined,
    username: "ada",
    pictureUrl: undefined,
  });
});

Deno.test("refreshToken() answers the new token and how long it lives", async () => {
  const body = '{"access_token":"IGAAnew","token_type":"bearer","expires_in":5183944}';
  await using graph = startScriptedGraph(() => ({ status: 200, body }));
  using client = clientOf(graph.url);
  assert.deepEqual(await client.refreshToken(token), {
    kind: "refreshed",
    token: "IGAAnew",
    expiresInMs: 5_183_944_000,
  });
  assert.equal(graph.requests[0]?.path, "/refresh_access_token");
});

Deno.test("refreshToken() never shows the token when it fails (C26)", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  using client = clientOf(`http://127.0.0.1:${listener.addr.port}`);
  assert.doesNotMatch(JSON.stringify(await client.refreshToken(token)), /IGAA/);
});

function graphErrorOf(code: number, subcode?: number): { body: unknown } {
  return { body: { error: { message: "no", type: "OAuthException", code, error_subcode: subcode } } };
}

function graphError(status: number, code: number, subcode?: number): ScriptedReply {
  return { status, ...graphErrorOf(code, subcode) };
}
