/** For machines that watch: is the process alive, can it work, what does it count. */
import { type Context, Hono } from "hono";
import { checkAdminToken } from "@/api/admin_token.ts";
import { refuseForNow } from "@/api/guard.ts";
import { refuse, refuseError } from "@/api/refuse.ts";
import { type Clock, systemClock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { countInstances } from "@/heartbeat.ts";
import type { Metrics } from "@/metrics.ts";
import type { OutboundState } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface HealthDeps {
  readonly config: Pick<Config, "adminToken">;
  readonly store: Store;
  readonly workers: readonly { readonly name: string; readonly healthy: boolean }[];
  readonly metrics: Metrics;
  /** What a held-back token waits by. Default: the system's. */
  readonly clock?: Pick<Clock, "wait">;
}

/**
 * `GET /healthz`: 200 while the process lives. `GET /readyz`: 200 when the store answers and every worker works,
 * else 503. `GET /metrics`: Prometheus' text, for who has the admin token.
 */
export function healthRoutes(deps: HealthDeps): Hono {
  const routes = new Hono();
  routes.onError(refuseError);
  routes.get("/healthz", (c) => c.json({ status: "ok" }));
  routes.get("/readyz", async (c) => {
    const isReady = deps.workers.every(({ healthy }) => healthy) && await answers(deps.store);
    return c.json({ status: isReady ? "ready" : "unavailable" }, isReady ? 200 : 503);
  });
  routes.get("/metrics", (c) => respondMetrics(deps, c));
  return routes;
}

function answers(store: Pick<Store, "ping">): Promise<boolean> {
  return store.ping().then(() => true, () => false);
}

async function respondMetrics(deps: HealthDeps, c: Context): Promise<Response> {
  const token = await checkAdminToken({ clock: systemClock, ...deps }, c);
  if (token.kind === "refused") return refuseForNow(c, token.waitMs);
  if (token.kind !== "right") return refuse(c, "unauthorized", "Wants the header x-admin-token");
  const { metrics: { registry, outbound }, store } = deps;
  const counts = Object.entries(await store.outbound.countByState()) as [OutboundState, number][];
  for (const [state, count] of counts) outbound.set({ state }, count);
  countInstances(deps.metrics, await store.instances.list(), store.now());
  return c.body(await registry.metrics(), 200, { "content-type": registry.contentType });
}
