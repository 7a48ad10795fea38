import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { presentEnvelope } from "@/api/presenters.ts";
import { refuseInvalid } from "@/api/refuse.ts";
import { limit } from "@/api/shapes.ts";

const listQuery = z.strictObject({ state: z.enum(["new", "split", "dead"]).optional(), limit });

export function envelopeRoutes({ store }: Pick<ApiDeps, "store">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", listQuery, refuseInvalid), async (c) => {
    const envelopes = await store.envelopes.list(c.req.valid("query"));
    return c.json({ items: envelopes.map(presentEnvelope) });
  });
  return routes;
}
