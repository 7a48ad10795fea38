import assert from "node:assert/strict";
import { Hono } from "hono";
import { adminToken, type ApiFixture, conversation, openApi, openTalkingApi } from "@/api/testing.ts";
import { makeOperator } from "@/store/testing/factories.ts";
import { beginSession, readSession } from "@/backoffice/session.ts";
import { StoreUnavailableError } from "@/store/store.ts";

const routes: readonly (readonly [string, string])[] = [
  ["GET", "/conversations"],
  ["GET", "/conversations/x"],
  ["PATCH", "/conversations/x"],
  ["GET", "/conversations/x/messages"],
  ["POST", "/conversations/x/messages"],
  ["GET", "/conversations/x/turns"],
  ["GET", "/turns/x"],
  ["GET", "/outbound"],
  ["GET", "/outbound/x"],
  ["POST", "/outbound/x/retry"],
  ["POST", "/outbound/x/discard"],
  ["POST", "/outbound/x/cancel"],
  ["GET", "/contacts/x"],
  ["PATCH", "/contacts/x"],
  ["DELETE", "/contacts/x"],
  ["GET", "/settings"],
  ["PATCH", "/settings"],
  ["GET", "/rules"],
  ["POST", "/rules/test"],
  ["GET", "/rules/rewind"],
  ["POST", "/rules/rewind"],
  ["GET", "/rules/rewind/x"],
  ["POST", "/rules/rewind/x/cancel"],
  ["GET", "/envelopes"],
  ["GET", "/events"],
  ["GET", "/"],
  ["GET", "/nowhere"],
  ["HEAD", "/conversations"],
  ["OPTIONS", "/conversations"],
  ["TRACE", "/conversations"],
  ["GET", "//conversations"],
  ["GET", "/%63onversations"],
  ["GET", "/conversations/..%2fsettings"],
];

Deno.test("no route of the API opens without a token or a session", async () => {
  await using fixture = await openApi();
  for (const [method, path] of routes.filter(([method]) => method !== "TRACE")) {
    const response = await fixture.api.request(path, { method });
    assert.equal(response.status, 401, `${method} ${path}`);
    if (method !== "HEAD") assert.equal((await response.json()).error.code, "unauthorized");
  }
});

Deno.test("a method override opens nothing", async () => {
  await using fixture = await openTalkingApi();
  const headers = { "x-http-method-override": "DELETE", "x-admin-token": adminToken };
  await fixture.api.request(`/contacts/${conversation}`, { headers });
  assert.equal((await fixture.ask("GET", `/contacts/${conversation}`)).status, 200);
});

Deno.test("an unknown route answers 404 in the API's shape", async () => {
  await using fixture = await openApi();
  const { status, json } = await fixture.ask("GET", "/nowhere");
  assert.equal(status, 404);
  assert.deepEqual(json, { error: { code: "not_found", message: "There is no such route", fields: {} } });
});

Deno.test("wrong admin tokens are held back, the more the longer, and a right one ends that", async () => {
  await using fixture = await openApi();
  const tryToken = (token: string): Promise<Response> =>
    Promise.resolve(fixture.api.request("/rules", { headers: { "x-admin-token": token } }));
  const statuses: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    fixture.clock.advance(200);
    statuses.push((await tryToken("guess")).status);
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
  const early = await tryToken(adminToken);
  assert.equal(early.status, 429);
  assert.ok(Number(early.headers.get("retry-after")) >= 1);
  fixture.clock.advance(60_000);
  assert.equal((await tryToken(adminToken)).status, 200);
  assert.equal((await tryToken("guess")).status, 401);
});

Deno.test("a token that is right is not slowed down, however many requests come at once", async () => {
  await using fixture = await openApi();
  const answers = await Promise.all(Array.from({ length: 50 }, () => fixture.ask("GET", "/rules")));
  assert.ok(answers.every(({ status }) => status === 200));
});

async function signIn(fixture: ApiFixture): Promise<{ cookie: string; csrf: string }> {
  const deps = { store: fixture.store, config: {} };
  const door = new Hono();
  await fixture.store.operators.put(makeOperator({ id: "ana" }), 0);
  door.get("/in", async (c) => {
    await beginSession(deps, c, { operator: "ana", keep: false });
    return c.text("in");
  });
  door.get("/csrf", async (c) => c.text((await readSession(deps, c))?.csrfToken ?? ""));
  const cookie = (await door.request("/in")).headers.get("set-cookie")?.split(";")[0] ?? "";
  const csrf = await (await door.request("/csrf", { headers: { cookie } })).text();
  return { cookie, csrf };
}

Deno.test("a signed-in operator reads freely and changes things only with the session's CSRF token", async () => {
  await using fixture = await openTalkingApi();
  const { cookie, csrf } = await signIn(fixture);
  const patch = (headers: Record<string, string>): Promise<Response> =>
    Promise.resolve(fixture.api.request(`http://moca.test/conversations/${conversation}`, {
      method: "PATCH",
      headers: { cookie, host: "moca.test", "content-type": "application/json", ...headers },
      body: JSON.stringify({ state: "closed" }),
    }));
  assert.equal((await fixture.api.request("/conversations", { headers: { cookie } })).status, 200);
  const own = { origin: "http://moca.test", "sec-fetch-site": "same-origin" };
  assert.equal((await patch({})).status, 403);
  assert.equal((await patch(own)).status, 403);
  assert.equal((await patch({ ...own, "x-csrf-token": "guess" })).status, 403);
  assert.equal((await patch({ "x-csrf-token": csrf, origin: "http://evil.test" })).status, 403);
  assert.equal((await patch({ ...own, "x-csrf-token": csrf })).status, 200);
  assert.equal((await fixture.store.audit.list({ limit: 1 }))[0]?.actor, "ana");
});

Deno.test("a store that cannot be reached is 503, and whatever else breaks is 500 without a word about why", async () => {
  const broken = (error: Error): Promise<ApiFixture> =>
    openApi({
      rules: {
        state: () => {
          throw error;
        },
        current: () => {
          throw error;
        },
      },
    });
  await using unavailable = await broken(new StoreUnavailableError("disk at /secret/path is gone"));
  await using bug = await broken(new TypeError("secret of the house"));
  const [first, second] = [await unavailable.ask("GET", "/rules"), await bug.ask("GET", "/rules")];
  assert.deepEqual([first.status, first.json.error.code], [503, "unavailable"]);
  assert.deepEqual([second.status, second.json.error.code], [500, "internal"]);
  assert.doesNotMatch(JSON.stringify([first.json, second.json]), /secret|at file|Error/);
});

Deno.test("a body that is not JSON, or does not say so, is 400", async () => {
  await using fixture = await openTalkingApi();
  const send = async (body: string, type: string): Promise<number> => {
    const headers = { "x-admin-token": adminToken, "content-type": type };
    return (await fixture.api.request(`/contacts/${conversation}`, { method: "PATCH", headers, body })).status;
  };
  assert.equal(await send("{", "application/json"), 400);
  assert.equal(await send('{"optOut":true}', "text/plain"), 400);
  assert.equal(await send('{"optOut":true}', "application/jsonp"), 400);
  assert.equal(await send('{"optOut":true}', "application/json; charset=utf-8"), 200);
});

Deno.test("a body above 2 MiB is refused before it is read", async () => {
  await using fixture = await openApi();
  const { status, json } = await fixture.ask("PATCH", "/settings", { knowledge: "x".repeat(3_000_000) });
  assert.deepEqual([status, json.error.code], [413, "too_large"]);
});

Deno.test("an object where a text is due is refused on every route (E20)", async () => {
  await using fixture = await openTalkingApi();
  const evil: readonly unknown[] = [{ $gt: "" }, { $ne: null }, ["a"], 1, true, { toString: "x" }];
  const bodies: readonly (readonly [string, string, (value: unknown) => unknown])[] = [
    ["PATCH", `/conversations/${conversation}`, (value) => ({ state: value })],
    ["PATCH", `/conversations/${conversation}`, (value) => ({ handler: value })],
    ["PATCH", `/conversations/${conversation}`, (value) => ({ handler: "person", handlerUntil: value })],
    ["PATCH", `/conversations/${conversation}`, (value) => ({ assignee: value })],
    ["POST", `/conversations/${conversation}/messages`, (value) => ({ text: value, commandId: "command-1" })],
    ["POST", `/conversations/${conversation}/messages`, (value) => ({ text: "hi", commandId: value })],
    [
      "POST",
      `/conversations/${conversation}/messages`,
      (value) => ({ text: "hi", commandId: "command-1", tag: value }),
    ],
    ["PATCH", `/contacts/${conversation}`, (value) => ({ fields: { email: value } })],
    ["PATCH", `/contacts/${conversation}`, (value) => ({ tags: [value] })],
    ["PATCH", `/contacts/${conversation}`, (value) => ({ optOut: [value] })],
    ["PATCH", "/settings", (value) => ({ persona: value })],
    ["PATCH", "/settings", (value) => ({ token: value })],
    ["PATCH", "/settings", (value) => ({ optOutWords: [value] })],
    ["POST", "/rules/test", (value) => ({ texts: [value] })],
    ["POST", "/rules/test", (value) => ({ texts: ["hi"], at: value })],
  ];
  for (const [method, path, bodyOf] of bodies) {
    for (const value of evil) {
      const { status, json } = await fixture.ask(method, path, bodyOf(value));
      assert.ok(status === 400 || status === 422, `${method} ${path} ${JSON.stringify(bodyOf(value))}: ${status}`);
      assert.deepEqual(Object.keys(json.error), ["code", "message", "fields"]);
    }
  }
  for (const body of [null, [], "text", 1, [{ $gt: "" }]]) {
    assert.equal((await fixture.ask("PATCH", `/contacts/${conversation}`, body)).status, 422);
    assert.equal((await fixture.ask("PATCH", "/settings", body)).status, 422);
  }
});

Deno.test("a query that asks for what does not exist is 400, whatever its form (E20)", async () => {
  await using fixture = await openApi();
  const queries = [
    "/conversations?q[$gt]=",
    "/conversations?q=a&q=b",
    "/conversations?state[$ne]=open",
    "/conversations?limit=0",
    "/conversations?limit=201",
    "/conversations?limit=1e9",
    "/conversations?limit=ten",
    "/conversations?unread=maybe",
    "/conversations?handler=robot",
    "/conversations?__proto__=1&toString=2",
    "/outbound?state=gone",
    "/outbound?state[$ne]=sent",
    "/envelopes?state=lost",
    "/settings?account[$gt]=",
  ];
  for (const query of queries) {
    const { status, json } = await fixture.ask("GET", query);
    assert.deepEqual([status, json.error?.code], [400, "bad_request"], query);
    assert.ok(Object.keys(json.error.fields).length > 0, query);
  }
});

Deno.test("keys such as __proto__ in a body change nothing but are refused or dropped (E20)", async () => {
  await using fixture = await openTalkingApi();
  for (const fields of ['{"__proto__":"x"}', '{"a.b":"x"}', '{"$set":"x"}']) {
    const headers = { "x-admin-token": adminToken, "content-type": "application/json" };
    const body = `{"fields":${fields}}`;
    await fixture.api.request(`/contacts/${conversation}`, { method: "PATCH", headers, body });
  }
  const { json } = await fixture.ask("GET", `/contacts/${conversation}`);
  assert.deepEqual(json.fields, {});
  assert.equal(Object.getOwnPropertyDescriptor(Object.prototype, "x"), undefined);
});
