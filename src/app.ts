import { Hono } from "hono";
import type { MiddlewareHandler } from "hono";
import { getLogger } from "@/log.ts";

/** The parts of the HTTP surface, each with its own guard. */
export interface AppParts {
  /** `/webhook`: Meta. */
  readonly webhook: Hono;
  /** `/healthz`, `/readyz`, `/metrics`: machines that watch. */
  readonly health: Hono;
  /** `/api/v1`: programs. */
  readonly api: Hono;
  /** `/meta`: what Meta calls about the app itself. */
  readonly meta: Hono;
  /** `/admin`: people. */
  readonly backoffice: Hono;
}

/** What every answer says to whoever shows it, unless the part that answers says it in its own way. */
const commonHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
};

const addCommonHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(commonHeaders)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
};

/** Puts the parts together. Never listens; tests call `app.request`. A slash at the end of a path makes no difference. */
export function buildApp(parts: AppParts): Hono {
  const app = new Hono({ strict: false });
  app.use(addCommonHeaders);
  app.route("/webhook", parts.webhook);
  app.route("/", parts.health);
  app.route("/api/v1", parts.api);
  app.route("/meta", parts.meta);
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
