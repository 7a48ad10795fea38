import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadInbox } from "@/backoffice/load_inbox.ts";
import { respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
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
  return routes;
}
