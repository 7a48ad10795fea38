import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { presentItem, presentLedger } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { cursor, limit } from "@/api/shapes.ts";
import { actOnMany, maxBulkItems } from "@/backoffice/bulk_actions.ts";
import { findEchoAt } from "@/backoffice/find_echo.ts";
import type { ItemAction } from "@/conversation/operator.ts";

const state = z.enum(["queued", "sending", "sent", "failed", "uncertain", "held", "cancelled", "expired"]);

const listQuery = z.strictObject({
  /** One, or several with commas between them. */
  state: z.string().max(100).transform((text) => text.split(",")).pipe(z.array(state)).optional(),
  conversation: z.string().max(200).optional(),
  limit,
  cursor,
});

const bulkBody = z.strictObject({
  action: z.enum(["retry", "discard"]),
  ids: z.array(z.string().min(1).max(300)).min(1).max(maxBulkItems),
  commandId: z.string().regex(/^[\x21-\x7e]{1,200}$/, "wants 1 to 200 printable characters without spaces"),
});

type OutboundDeps = Pick<ApiDeps, "store" | "actions">;

export function outboundRoutes(deps: OutboundDeps): Hono<ApiEnv> {
  const { store } = deps;
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", listQuery, refuseInvalid), async (c) => {
    const { conversation, ...query } = c.req.valid("query");
    const page = await store.outbound.list({ ...query, conversationId: conversation });
    return c.json({ items: page.items.map(presentItem), nextCursor: page.nextCursor ?? null, total: page.total });
  });
  routes.post("/bulk", zValidator("json", bulkBody, refuseInvalid), async (c) => {
    const order = { ...c.req.valid("json"), operator: c.var.operator };
    return c.json(await actOnMany(deps.actions, order));
  });
  routes.get("/:id", (c) => respondItem(deps, c, c.req.param("id")));
  for (const action of ["retry", "arrived", "discard", "cancel", "restore"] as const) {
    routes.post(`/:id/${action}`, (c) => act(deps, c, { id: c.req.param("id"), action }));
  }
  return routes;
}

async function act(
  deps: OutboundDeps,
  c: Context<ApiEnv>,
  { id, action }: { id: string; action: ItemAction },
): Promise<Response> {
  const outcome = await deps.actions.actOnItem(id, action, c.var.operator);
  switch (outcome.kind) {
    case "notFound":
      return refuseUnknown(c, "outbound item");
    case "refused":
      return refuse(c, "conflict", outcome.reason);
    case "done":
      return await respondItem(deps, c, id);
  }
}

async function respondItem({ store }: OutboundDeps, c: Context, id: string): Promise<Response> {
  const item = await store.outbound.get(id);
  return item === undefined
    ? refuseUnknown(c, "outbound item")
    : c.json(presentLedger(item, await findEchoAt(store, item)));
}
