import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { findAccount } from "@/api/account.ts";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import type { DraftResult } from "@/backoffice/draft_actions.ts";
import { addMs } from "@/conversation/due_time.ts";
import { toAgreement } from "@/store/agreement.ts";

const draftId = z.string().min(1).max(100);
const commandId = z.string().max(1_000);

const sendBody = z.strictObject({
  draftId,
  /** Other words than the draft's. */
  text: z.string().max(20_000).optional(),
  commandId,
  tag: z.literal("human_agent").optional(),
});

const agreementQuery = z.strictObject({
  account: z.string().max(100).optional(),
  /** How far to look back. */
  days: z.coerce.number().int().min(1).max(3_650).default(30),
});

const dayMs = 24 * 3_600_000;

/** The newest turns that are looked at; of a busier time the counts are lower bounds. */
const maxTurns = 5_000;

/** What a person does with the draft that waits in a conversation, and how often people agreed with drafts. */
export function draftRoutes({ store, actions }: Pick<ApiDeps, "store" | "actions">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.post("/conversations/:id/draft/send", zValidator("json", sendBody, refuseInvalid), async (c) => {
    const { tag, ...rest } = c.req.valid("json");
    const request = { ...rest, ...(tag === undefined ? {} : { tag: "HUMAN_AGENT" as const }) };
    return respond(c, await actions.sendDraft(c.req.param("id"), request, c.var.operator));
  });
  const discardBody = z.strictObject({ draftId, commandId });
  routes.post("/conversations/:id/draft/discard", zValidator("json", discardBody, refuseInvalid), async (c) => {
    return respond(c, await actions.discardDraft(c.req.param("id"), c.req.valid("json"), c.var.operator));
  });
  routes.get("/drafts/agreement", zValidator("query", agreementQuery, refuseInvalid), async (c) => {
    const { account: asked, days } = c.req.valid("query");
    const account = await findAccount(store, c, asked);
    if (account instanceof Response) return account;
    const since = addMs(store.now(), -days * dayMs);
    const turns = await store.turns.outcomes({ accountId: account.id, since, limit: maxTurns });
    return c.json({
      since: since.toISOString(),
      atLeast: turns.length === maxTurns,
      items: toAgreement(turns).map(({ topic = null, ...counts }) => ({ topic, ...counts })),
    });
  });
  return routes;
}

function respond(c: Context, result: DraftResult): Response {
  switch (result.kind) {
    case "queued":
    case "repeated":
      return c.json({ outboundId: result.outboundId ?? null }, 202);
    case "discarded":
      return c.json({ outboundId: null }, 202);
    case "notFound":
      return refuseUnknown(c, "conversation");
    case "overtaken":
      return refuse(c, "draft_overtaken", "The draft waits no longer: the contact wrote on, or somebody has used it");
    case "windowClosed":
      return refuse(c, "window_closed", "Instagram's time for answering is over");
    case "commandMismatch":
      return refuse(c, "command_mismatch", "The command id was used for something else", {
        commandId: "wants a new one for each action",
      });
    case "invalid":
      return refuse(c, "invalid", `Cannot use the draft: ${result.reason}`, {
        [result.problem === "badCommandId" ? "commandId" : "text"]: result.reason,
      });
  }
}
