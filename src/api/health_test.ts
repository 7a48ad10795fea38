import assert from "node:assert/strict";
import { healthRoutes } from "@/api/health.ts";
import { adminToken, type ApiFixture, decide, openApi, openTalkingApi } from "@/api/testing.ts";
import { replyWith } from "@/conversation/testing.ts";
import { makeMetrics } from "@/metrics.ts";
import type { Hono } from "hono";

function healthOf(fixture: ApiFixture, workers = [{ name: "outbound", healthy: true }]): Hono {
  const { store, clock } = fixture;
  return healthRoutes({ config: { adminToken }, store, clock, workers, metrics: makeMetrics() });
}

Deno.test("GET /healthz answers while the process lives", async () => {
  await using fixture = await openApi();
  const response = await healthOf(fixture).request("/healthz");
  assert.deepEqual([response.status, await response.json()], [200, { status: "ok" }]);
});

Deno.test("GET /readyz is 503 while a worker fails or the store is gone, and says nothing more", async () => {
  const fixture = await openApi();
  assert.equal((await healthOf(fixture).request("/readyz")).status, 200);
  const limping = await healthOf(fixture, [{ name: "outbound", healthy: false }]).request("/readyz");
  assert.deepEqual([limping.status, await limping.json()], [503, { status: "unavailable" }]);
  const health = healthOf(fixture);
  await fixture[Symbol.asyncDispose]();
  assert.equal((await health.request("/readyz")).status, 503);
});

Deno.test("GET /metrics wants the admin token and counts the queue", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  const health = healthOf(fixture);
  assert.equal((await health.request("/metrics")).status, 401);
  assert.equal((await health.request("/metrics", { headers: { "x-admin-token": "guess" } })).status, 401);
  fixture.clock.advance(200);
  const response = await health.request("/metrics", { headers: { "x-admin-token": adminToken } });
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
  assert.match(await response.text(), /moca_outbound_items\{state="queued"\} 1/);
});
