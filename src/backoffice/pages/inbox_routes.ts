import { Hono } from "hono";
import { handlerAt } from "@/conversation/handler.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadInbox } from "@/backoffice/load_inbox.ts";
import { respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { conversationRow } from "@views/parts/conversation_row.ts";
import { inboxLiveParts, inboxPage } from "@views/inbox.ts";

export function inboxRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    const body = inboxPage(ui, await loadInbox(deps, c));
    return respondPage(deps, c, { ui, content: { title: ui.t("nav.inbox"), section: "inbox", shape: "app", body } });
  });
  routes.get("/list", async (c) => {
    const data = await loadInbox(deps, c, { currentId: c.req.query("current") });
    return respondRegion(c, inboxLiveParts(await uiOf(deps, c), data));
  });
  routes.get("/:id/row", async (c) => {
    const aggregate = await deps.store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return c.body(null, 204);
    const row = { ...aggregate, handler: handlerAt(aggregate.conversation, deps.store.now()) };
    const { current, ...view } = c.req.query();
    const options = { query: `?${new URLSearchParams(view)}`, currentId: current };
    return respondRegion(c, [conversationRow(await uiOf(deps, c), row, options)]);
  });
  return routes;
}
