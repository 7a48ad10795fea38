/** What every answer says to the browser that shows it, refusals and failures included. */
import assert from "node:assert/strict";
import { Hono } from "hono";
import { buildApp } from "@/app.ts";
import { requestOf } from "./access_table.ts";
import { type Caller, Target } from "./target.ts";

function assertGuarded(response: Response, what: string): void {
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/, what);
  assert.match(policy, /frame-ancestors 'none'/, what);
  assert.doesNotMatch(policy, /unsafe-|\*|https?:/, what);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff", what);
  const isAsset = /\/static\/moca\.[0-9a-f]+\.(css|js)$/.test(what);
  assert.match(response.headers.get("cache-control") ?? "", isAsset ? /immutable/ : /^no-store$/, what);
  assert.match(response.headers.get("referrer-policy") ?? "", /^(no-referrer|same-origin)$/, what);
  assert.equal(response.headers.get("server") ?? response.headers.get("x-powered-by"), null, what);
}

Deno.test("every answer of every route keeps browsers from caching, sniffing, framing and running anything foreign", async () => {
  await using target = await Target.open();
  const callers: readonly Caller[] = ["nobody", "program", "operator", "forged"];
  for (const { method, path } of target.moca.routes.map(({ method, path }) => requestOf(`${method} ${path}`))) {
    for (const caller of callers) {
      const response = await target.ask(method, path, caller);
      await response.body?.cancel();
      assertGuarded(response, `${caller} ${method} ${path}`);
    }
  }
});

Deno.test("so does an answer to what is too large, not JSON, or nowhere", async () => {
  await using target = await Target.open();
  const { cookie, csrf } = await target.signIn();
  const headers = { cookie, "x-csrf-token": csrf, origin: target.moca.url };
  const large = "x".repeat(9 * 1024 * 1024);
  const requests: readonly (readonly [string, RequestInit, number])[] = [
    ["/admin/settings/x", { method: "POST", headers, body: new URLSearchParams({ persona: large }) }, 413],
    [
      "/api/v1/settings",
      { method: "PATCH", headers: { ...headers, "content-type": "application/json" }, body: large },
      413,
    ],
    [
      "/api/v1/settings",
      { method: "PATCH", headers: { ...headers, "content-type": "application/json" }, body: "{" },
      400,
    ],
    ["/api/v1/settings", { method: "PATCH", headers: { ...headers, "content-type": "text/plain" }, body: "{}" }, 400],
    ["/nowhere", { headers }, 404],
  ];
  for (const [path, init, status] of requests) {
    const response = await fetch(`${target.moca.url}${path}`, init);
    await response.body?.cancel();
    assert.equal(response.status, status, path);
    assertGuarded(response, `${path} ${status}`);
  }
});

Deno.test("a failure that nobody foresaw tells nothing of the inside", async () => {
  const failing = new Hono().get("/", () => {
    throw new Error("SELECT secret FROM /srv/moca.db");
  });
  const app = buildApp({
    webhook: failing,
    health: new Hono(),
    api: new Hono(),
    meta: new Hono(),
    backoffice: new Hono(),
  });
  const response = await app.request("/webhook");
  assert.equal(response.status, 500);
  assertGuarded(response, "500");
  assert.equal(await response.text(), "Something went wrong");
});

Deno.test("behind https the cookie is bound to this host and to https, and never read by a script", async () => {
  await using target = await Target.open({ PUBLIC_URL: "https://moca.example.com" });
  const answer = await fetch(`${target.moca.url}/admin/login`, {
    method: "POST",
    headers: { origin: "https://moca.example.com" },
    body: new URLSearchParams({ token: "security-admin-token-0123456789" }),
    redirect: "manual",
  });
  await answer.body?.cancel();
  assert.match(
    answer.headers.get("set-cookie") ?? "",
    /^__Host-moca=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  assert.match(answer.headers.get("strict-transport-security") ?? "", /max-age=31536000/);
});
