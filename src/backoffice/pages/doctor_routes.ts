import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { examineRunning } from "@/backoffice/examine.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { Finding } from "@/doctor/finding.ts";
import { doctorPage } from "@views/doctor.ts";

/** Looks at the connection to Meta when it is asked to: it calls Instagram, the public address and the model. */
export function doctorRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", (c) => show(deps, c));
  routes.post("/", async (c) => show(deps, c, await examineRunning(deps)));
  return routes;
}

async function show(deps: BackofficeDeps, c: Context<SessionEnv>, findings?: readonly Finding[]): Promise<Response> {
  const ui = await uiOf(deps, c);
  const content = { title: ui.t("doctor.title"), section: "settings", shape: "page", body: doctorPage(ui, findings) };
  return respondPage(deps, c, { ui, content: content as typeof content & { section: "settings"; shape: "page" } });
}
