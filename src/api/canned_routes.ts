import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { findAccount } from "@/api/account.ts";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import type { Json } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { type CannedOutcome, cannedSchema, removeCannedReply, saveCannedReply } from "@/backoffice/canned_actions.ts";
import type { CannedReply } from "@/store/records.ts";

const accountQuery = z.strictObject({ account: z.string().max(100).optional() });

/** `ver`: only onto that version; absent: onto whatever is there. */
const putBody = cannedSchema.extend({ ver: z.int().min(1).optional() });

/** The replies that people keep ready. */
export function cannedRoutes({ store }: Pick<ApiDeps, "store">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", accountQuery, refuseInvalid), async (c) => {
    const account = await findAccount(store, c, c.req.valid("query").account);
    if (account instanceof Response) return account;
    return c.json({ items: (await store.cannedReplies.list(account.id)).map(present) });
  });
  routes.post(
    "/",
    zValidator("query", accountQuery, refuseInvalid),
    zValidator("json", cannedSchema, refuseInvalid),
    async (c) => {
      const account = await findAccount(store, c, c.req.valid("query").account);
      if (account instanceof Response) return account;
      const save = { accountId: account.id, ...c.req.valid("json"), operator: c.var.operator };
      return respond(c, await saveCannedReply(store, save), 201);
    },
  );
  routes.get("/:id", async (c) => {
    const reply = await store.cannedReplies.get(c.req.param("id"));
    return reply === undefined ? refuseUnknown(c, "canned reply") : c.json(present(reply));
  });
  routes.put("/:id", zValidator("json", putBody, refuseInvalid), async (c) => {
    const { ver, ...content } = c.req.valid("json");
    const reply = await store.cannedReplies.get(c.req.param("id"));
    if (reply === undefined) return refuseUnknown(c, "canned reply");
    const { id, accountId } = reply;
    const save = { id, accountId, ...content, expectedVer: ver, operator: c.var.operator };
    return respond(c, await saveCannedReply(store, save), 200);
  });
  routes.delete("/:id", async (c) => {
    const outcome = await removeCannedReply(store, { id: c.req.param("id"), operator: c.var.operator });
    return outcome === "absent" ? refuseUnknown(c, "canned reply") : c.body(null, 204);
  });
  return routes;
}

function present({ createdAt, updatedAt, ...reply }: CannedReply): Json {
  return { ...reply, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

function respond(c: Context, outcome: CannedOutcome, status: 200 | 201): Response {
  switch (outcome.kind) {
    case "saved":
      return c.json(present(outcome.reply), status);
    case "invalid":
      return refuse(c, "invalid", "Cannot save the canned reply", outcome.fields);
    case "conflict":
      return refuse(c, "conflict", "Somebody else saved it meanwhile; read it again");
    case "notFound":
      return refuseUnknown(c, "canned reply");
  }
}
