import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { assigneeOf } from "@/backoffice/assignees.ts";
import { presentConversation } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { cursor, flag, instant, limit } from "@/api/shapes.ts";

const listQuery = z.strictObject({
  state: z.enum(["open", "scheduled", "closed"]).optional(),
  handler: z.enum(["bot", "person"]).optional(),
  q: z.string().max(200).optional(),
  unread: flag,
  /** Only those that a person is needed for. */
  needed: flag,
  /** Only open ones that the contact has the next word in. */
  answered: flag,
  /** Only those with a text that did not leave. */
  failed: flag,
  /** Only those whose window closes within so many hours. */
  closingWithinHours: z.coerce.number().positive().max(168).optional(),
  tag: z.string().min(1).max(200).optional(),
  sort: z.enum(["newest", "attention", "window"]).optional(),
  /** An operator, `me` or `none`. */
  assignee: z.string().min(1).max(100).optional(),
  account: z.string().max(100).optional(),
  limit,
  cursor,
});

const patchBody = z.strictObject({
  state: z.enum(["open", "closed"]).optional(),
  handler: z.enum(["bot", "person"]).optional(),
  handlerUntil: instant.optional(),
  assignee: z.string().min(1).max(100).nullable().optional(),
}).refine(({ handler, handlerUntil }) => handlerUntil === undefined || handler === "person", {
  path: ["handlerUntil"],
  message: "wants handler to be person",
});

type ConversationDeps = Pick<ApiDeps, "store" | "actions">;

export function conversationRoutes({ store, actions }: ConversationDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", listQuery, refuseInvalid), async (c) => {
    const { account, q, closingWithinHours: hours, assignee, ...query } = c.req.valid("query");
    const words = q?.trim() === "" ? undefined : q;
    const page = await store.conversations.list({
      ...query,
      q: words,
      accountId: account,
      assignee: assignee === undefined ? undefined : assigneeOf(assignee, c.var.operator),
      ...(hours === undefined ? {} : { closingWithinMs: hours * 3_600_000 }),
    });
    const items = page.items.map((summary) => presentConversation(summary, store.now()));
    const { nextCursor = null, total, atLeast } = page;
    return c.json({ items, nextCursor, total, atLeast });
  });
  routes.get("/:id", async (c) => {
    const aggregate = await store.conversations.load(c.req.param("id"));
    return aggregate === undefined
      ? refuseUnknown(c, "conversation")
      : c.json(presentConversation(aggregate, store.now()));
  });
  routes.patch("/:id", zValidator("json", patchBody, refuseInvalid), async (c) => {
    const outcome = await actions.changeConversation(c.req.param("id"), c.req.valid("json"), c.var.operator);
    switch (outcome.kind) {
      case "notFound":
        return refuseUnknown(c, "conversation");
      case "invalid":
        return refuse(c, "invalid", outcome.reason, { handlerUntil: outcome.reason });
      case "changed":
        return c.json(presentConversation(outcome.aggregate, store.now()));
    }
  });
  return routes;
}
