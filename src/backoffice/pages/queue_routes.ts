import { Hono } from "hono";
import { actOnMany, maxBulkItems } from "@/backoffice/bulk_actions.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadPace } from "@/backoffice/load_pace.ts";
import { isFragmentRequest, respondRegion, uiOf } from "@/backoffice/page.ts";
import { queueAllRoutes } from "@/backoffice/pages/queue_all_routes.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { loadQueue, showQueue, tellOutcome } from "@/backoffice/show_queue.ts";
import { paceFigure } from "@views/parts/pace.ts";
import { queueRegion } from "@views/queue.ts";

export function queueRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const data = await loadQueue(deps, c);
    if (isFragmentRequest(c)) return respondRegion(c, [queueRegion(await uiOf(deps, c), data)]);
    return showQueue(deps, c, { data, status: 200 });
  });
  routes.get("/pace", async (c) => respondRegion(c, [paceFigure(await uiOf(deps, c), await loadPace(deps.store))]));
  routes.route("/all", queueAllRoutes(deps));
  routes.post("/bulk", async (c) => {
    const form = await c.req.formData();
    const ids = form.getAll("id").map(String).slice(0, maxBulkItems);
    const action = form.get("action") === "discard" ? "discard" : "retry";
    const commandId = String(form.get("commandId") || crypto.randomUUID());
    const operator = c.get("session").operator;
    return tellOutcome(deps, c, await actOnMany(deps.actions, { ids, action, operator, commandId }));
  });
  return routes;
}
