import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { rulesPage } from "@views/rules.ts";

export function rulesRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    const body = rulesPage(ui, deps.rules.state());
    return respondPage(deps, c, { ui, content: { title: ui.t("nav.rules"), section: "rules", shape: "page", body } });
  });
  return routes;
}
