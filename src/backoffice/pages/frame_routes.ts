import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { frameOf, respondRegion, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { frameLiveParts } from "@views/layout.ts";
import { sectionNamed } from "@views/parts/nav.ts";

/** What stands around every page and changes by itself: counters, the bot's state, banners. */
export function frameRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const [ui, frame] = await Promise.all([uiOf(deps, c), frameOf(deps, c)]);
    return respondRegion(c, frameLiveParts(ui, frame, sectionNamed(c.req.query("section"))));
  });
  return routes;
}
