import { Hono } from "hono";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { instanceState } from "@/heartbeat.ts";

/** `GET /instances`: which processes run on this database, and which are gone without a word, newest start first. */
export function instanceRoutes({ store }: Pick<ApiDeps, "store">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", async (c) => {
    const now = store.now();
    const items = (await store.instances.list()).map(({ aliveUntil, ...instance }) => ({
      ...instance,
      state: instanceState({ ...instance, aliveUntil }, now),
      aliveUntil,
    }));
    return c.json({ items });
  });
  return routes;
}
