import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { notFound } from "@/backoffice/problems.ts";
import { safePath, type SessionEnv } from "@/backoffice/session.ts";

/** `POST /envelopes/:id/retry`: a webhook that was given up is taken apart again. One that is not dead stays as it is. */
export function envelopeRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.post("/:id/retry", async (c) => {
    const form = await c.req.parseBody();
    const outcome = await deps.actions.retryEnvelope(c.req.param("id"), c.get("session").operator);
    if (outcome === "absent") return notFound(deps, c);
    return c.redirect(safePath(String(form["back"] ?? "")), 303);
  });
  return routes;
}
