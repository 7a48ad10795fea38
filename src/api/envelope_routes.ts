import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { presentEnvelope } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { limit } from "@/api/shapes.ts";

const listQuery = z.strictObject({ state: z.enum(["new", "split", "dead"]).optional(), limit });

export function envelopeRoutes({ store, actions }: Pick<ApiDeps, "store" | "actions">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", listQuery, refuseInvalid), async (c) => {
    const envelopes = await store.envelopes.list(c.req.valid("query"));
    return c.json({ items: envelopes.map(presentEnvelope) });
  });
  routes.post("/:id/retry", async (c) => {
    const id = c.req.param("id");
    const outcome = await actions.retryEnvelope(id, c.var.operator);
    if (outcome === "notDead") return refuse(c, "conflict", "Cannot retry an envelope that is not dead");
    const envelope = await store.envelopes.get(id);
    return envelope === undefined ? refuseUnknown(c, "envelope") : c.json(presentEnvelope(envelope));
  });
  return routes;
}
