import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { turnPage } from "@views/conversation.ts";

export function turnRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id", async (c) => {
    const turn = await deps.store.turns.get(c.req.param("id"));
    if (turn === undefined) return notFound(deps, c);
    const ui = await uiOf(deps, c, turn.accountId);
    const title = ui.t("turn.title", { number: turn.number });
    return respondPage(deps, c, { ui, content: { title, section: "inbox", shape: "page", body: turnPage(ui, turn) } });
  });
  return routes;
}
