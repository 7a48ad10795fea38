import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { isFragmentRequest, respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { rewindRoutes } from "@/backoffice/pages/rewind_routes.ts";
import { ruleTryRoutes } from "@/backoffice/pages/rule_try_routes.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { rulesPage, rulesRegion } from "@views/rules.ts";

export function rulesRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    if (isFragmentRequest(c)) return respondRegion(c, [rulesRegion(ui, deps.rules.state())]);
    const body = rulesPage(ui, deps.rules.state());
    return respondPage(deps, c, { ui, content: { title: ui.t("nav.rules"), section: "rules", shape: "page", body } });
  });
  routes.route("/try", ruleTryRoutes(deps));
  routes.route("/rewind", rewindRoutes(deps));
  return routes;
}
