/** The back office for people, mounted at `/admin`. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { MiddlewareHandler } from "hono";
import { assetRoutes } from "@/backoffice/assets.ts";
import { verifyCsrf } from "@/backoffice/csrf.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { backofficeHeaders, noStore } from "@/backoffice/headers.ts";
import { rememberLanguage } from "@/backoffice/language.ts";
import { auditRoutes } from "@/backoffice/pages/audit_routes.ts";
import { cannedRoutes } from "@/backoffice/pages/canned_routes.ts";
import { caseRoutes } from "@/backoffice/pages/case_routes.ts";
import { composerRoutes } from "@/backoffice/pages/composer_routes.ts";
import { conversationRoutes } from "@/backoffice/pages/conversation_routes.ts";
import { dashboardRoutes } from "@/backoffice/pages/dashboard_routes.ts";
import { doctorRoutes } from "@/backoffice/pages/doctor_routes.ts";
import { displayRoutes } from "@/backoffice/pages/display_routes.ts";
import { envelopeRoutes } from "@/backoffice/pages/envelope_routes.ts";
import { deletionRoutes } from "@/backoffice/pages/deletion_routes.ts";
import { eraseRoutes } from "@/backoffice/pages/erase_routes.ts";
import { frameRoutes } from "@/backoffice/pages/frame_routes.ts";
import { inboxRoutes } from "@/backoffice/pages/inbox_routes.ts";
import { knowledgeRoutes } from "@/backoffice/pages/knowledge_routes.ts";
import { loginRoutes, logoutRoute } from "@/backoffice/pages/login_routes.ts";
import { outboundRoutes } from "@/backoffice/pages/outbound_routes.ts";
import { queueRoutes } from "@/backoffice/pages/queue_routes.ts";
import { peopleRoutes } from "@/backoffice/pages/people_routes.ts";
import { rulesRoutes } from "@/backoffice/pages/rules_routes.ts";
import { settingsRoutes } from "@/backoffice/pages/settings_routes.ts";
import { simulatorRoutes } from "@/backoffice/pages/simulator_routes.ts";
import { turnRoutes } from "@/backoffice/pages/turn_routes.ts";
import { handleError, notFound, respondProblem } from "@/backoffice/problems.ts";
import { isAllowed, isSafeMethod } from "@/backoffice/roles.ts";
import { requireSession, type SessionEnv } from "@/backoffice/session.ts";

export type { BackofficeDeps } from "@/backoffice/deps.ts";

/** The largest form: what the agent may rely on, 200,000 characters, written out for a form. */
const maxFormBytes = 4 * 1024 * 1024;

/**
 * Everything under `/admin`. Open to all: style, script and the sign-in page. Everything else needs a session,
 * and everything that changes something needs the session's token as well.
 */
export function backofficeRoutes(deps: BackofficeDeps): Hono {
  const routes = new Hono();
  routes.onError(handleError(deps));
  routes.use(backofficeHeaders({ https: deps.config.publicUrl?.startsWith("https:") ?? false }));
  routes.route("/static", assetRoutes());
  routes.use(noStore, rememberLanguage, bodyLimit({ maxSize: maxFormBytes }));
  routes.route("/", loginRoutes(deps));
  routes.route("/", deletionRoutes(deps));
  routes.route("/", signedInRoutes(deps));
  return routes;
}

function signedInRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.use(requireSession(deps), requireCsrf(deps), requireRole(deps));
  routes.get("/", (c) => c.redirect("/admin/inbox", 303));
  routes.get("/events", deps.live);
  routes.route("/frame", frameRoutes(deps));
  routes.post("/logout", logoutRoute(deps));
  routes.route("/inbox", inboxRoutes(deps));
  routes.route("/inbox", conversationRoutes(deps));
  routes.route("/inbox", composerRoutes(deps));
  routes.route("/inbox", eraseRoutes(deps));
  routes.route("/dashboard", dashboardRoutes(deps));
  routes.route("/turns", turnRoutes(deps));
  routes.route("/outbound", outboundRoutes(deps));
  routes.route("/envelopes", envelopeRoutes(deps));
  routes.route("/queue", queueRoutes(deps));
  routes.route("/rules", rulesRoutes(deps));
  routes.route("/knowledge", knowledgeRoutes(deps));
  routes.route("/replies", cannedRoutes(deps));
  routes.route("/settings", settingsRoutes(deps));
  routes.route("/display", displayRoutes(deps));
  routes.route("/people", peopleRoutes(deps));
  routes.route("/doctor", doctorRoutes(deps));
  routes.route("/audit", auditRoutes(deps));
  if (deps.simulator !== undefined && deps.cases !== undefined) {
    routes.route("/simulator/cases", caseRoutes({ ...deps, phone: deps.simulator, jobs: deps.cases }));
  }
  if (deps.simulator !== undefined) routes.route("/simulator", simulatorRoutes(deps, deps.simulator));
  routes.all("*", (c) => notFound(deps, c));
  return routes;
}

function requireCsrf(deps: BackofficeDeps): MiddlewareHandler<SessionEnv> {
  return async (c, next) => {
    if (!isSafeMethod(c.req.method) && await verifyCsrf(c, c.get("session"), deps.config) !== "ok") {
      return respondProblem(deps, c, { problem: "forbidden", status: 403 });
    }
    await next();
  };
}

function requireRole(deps: BackofficeDeps): MiddlewareHandler<SessionEnv> {
  return async (c, next) => {
    const { method, path } = c.req;
    if (!isAllowed(c.get("session").role, { method, path })) {
      return respondProblem(deps, c, { problem: "notAllowed", status: 403 });
    }
    await next();
  };
}
