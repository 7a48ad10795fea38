import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { presentTurn } from "@/api/presenters.ts";
import { refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { limit } from "@/api/shapes.ts";
import { asItStands } from "@/conversation/pull_back.ts";

const pageQuery = z.strictObject({ limit, cursor: z.coerce.number().int().min(1).optional() });

/** `/conversations/:id/turns` and `/turns/:id`. */
export function turnRoutes({ store }: Pick<ApiDeps, "store">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/conversations/:id/turns", zValidator("query", pageQuery, refuseInvalid), async (c) => {
    const id = c.req.param("id");
    const query = c.req.valid("query");
    const aggregate = await store.conversations.load(id);
    if (aggregate === undefined) return refuseUnknown(c, "conversation");
    const turns = await store.turns.list(id, { limit: query.limit, beforeNumber: query.cursor });
    const last = turns.at(-1)?.number ?? 1;
    const hasMore = turns.length === query.limit && last > 1;
    return c.json({
      items: turns.map((turn) => presentTurn(asItStands(turn, aggregate.conversation))),
      nextCursor: hasMore ? String(last) : null,
    });
  });
  routes.get("/turns/:id", async (c) => {
    const turn = await store.turns.get(c.req.param("id"));
    const aggregate = turn && await store.conversations.load(turn.conversationId);
    if (turn === undefined || aggregate === undefined) return refuseUnknown(c, "turn");
    return c.json(presentTurn(asItStands(turn, aggregate.conversation)));
  });
  return routes;
}
