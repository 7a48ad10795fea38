import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import { asItStands } from "@/conversation/pull_back.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { turnPage } from "@views/conversation.ts";

export function turnRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id", async (c) => {
    const decided = await deps.store.turns.get(c.req.param("id"));
    const aggregate = decided && await deps.store.conversations.load(decided.conversationId);
    if (decided === undefined || aggregate === undefined) return notFound(deps, c);
    const turn = asItStands(decided, aggregate.conversation);
    const ui = await uiOf(deps, c, turn.accountId);
    const title = ui.t("turn.title", { number: turn.number });
    return respondPage(deps, c, { ui, content: { title, section: "inbox", shape: "page", body: turnPage(ui, turn) } });
  });
  return routes;
}
