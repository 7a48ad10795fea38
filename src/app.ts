import { Hono } from "hono";
import { getLogger } from "@/log.ts";

/** The parts of the HTTP surface, each with its own guard. */
export interface AppParts {
  /** `/webhook`: Meta. */
  readonly webhook: Hono;
  /** `/healthz`, `/readyz`, `/metrics`: machines that watch. */
  readonly health: Hono;
  /** `/api/v1`: programs. */
  readonly api: Hono;
  /** `/admin`: people. */
  readonly backoffice: Hono;
}

/** Puts the parts together. Never listens; tests call `app.request`. */
export function buildApp(parts: AppParts): Hono {
  const app = new Hono();
  app.route("/webhook", parts.webhook);
  app.route("/", parts.health);
  app.route("/api/v1", parts.api);
  app.route("/admin", parts.backoffice);
  app.get("/", (context) => context.redirect("/admin", 303));
  app.notFound((context) => context.text("Not found", 404));
  app.onError((error, context) => {
    getLogger("http").error("{method} {path} failed: {error}", {
      method: context.req.method,
      path: context.req.path,
      error,
    });
    return context.text("Something went wrong", 500);
  });
  return app;
}
