import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadDashboard } from "@/backoffice/load_dashboard.ts";
import { isFragmentRequest, respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { dashboardPage, dashboardRegion, ranges } from "@views/dashboard.ts";

/** How the shop does, and what a new Moca still needs. */
export function dashboardRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    const data = await loadDashboard(deps, ranges.find((range) => range === c.req.query("range")) ?? "7d");
    if (isFragmentRequest(c)) return respondRegion(c, [dashboardRegion(ui, data)]);
    const content = { title: ui.t("nav.dashboard"), section: "dashboard", shape: "page" } as const;
    return respondPage(deps, c, { ui, content: { ...content, body: dashboardPage(ui, data) } });
  });
  return routes;
}
