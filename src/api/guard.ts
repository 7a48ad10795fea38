import type { Context, MiddlewareHandler } from "hono";
import { type AdminTokenDeps, checkAdminToken } from "@/api/admin_token.ts";
import { refuse } from "@/api/refuse.ts";
import { verifyCsrf } from "@/backoffice/csrf.ts";
import { isAllowed } from "@/backoffice/roles.ts";
import { readSession, type SessionDeps } from "@/backoffice/session.ts";

/** Who asks: an operator's label, or `api` for a program. */
export type ApiEnv = { Variables: { operator: string } };

export type GuardDeps = AdminTokenDeps & SessionDeps;

/** Lets on who has the admin token, or is signed in and sends the session's CSRF token with what changes anything. */
export function requireOperator(deps: GuardDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const admitted = await admit(deps, c);
    if (admitted instanceof Response) return admitted;
    c.set("operator", admitted);
    await next();
  };
}

async function admit(deps: GuardDeps, c: Context): Promise<string | Response> {
  const token = await checkAdminToken(deps, c);
  switch (token.kind) {
    case "right":
      return "api";
    case "absent":
      return await admitSession(deps, c);
    case "wrong":
      return refuse(c, "unauthorized", "The admin token is wrong");
    case "refused":
      return refuseForNow(c, token.waitMs);
  }
}

/** Too many wrong tokens: says for how long, in seconds, nothing is looked at. */
export function refuseForNow(c: Context, waitMs: number): Response {
  c.header("retry-after", String(Math.max(1, Math.ceil(waitMs / 1_000))));
  return refuse(c, "too_many_requests", "Too many wrong admin tokens; try again later");
}

async function admitSession(deps: GuardDeps, c: Context): Promise<string | Response> {
  const session = await readSession(deps, c);
  if (session === undefined) return refuse(c, "unauthorized", "Wants the header x-admin-token, or a signed-in session");
  if (!isAllowed(session.role, { method: c.req.method, path: c.req.path })) {
    return refuse(c, "forbidden", "Your role does not allow this; ask an admin");
  }
  if (isSafe(c.req.method) || await verifyCsrf(c, session, deps.config) === "ok") return session.operator;
  return refuse(c, "forbidden", "Wants the session's token in the header x-csrf-token, from a page of this site");
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** A body that changes something must say that it is JSON, or it would be taken for an empty one. */
export const requireJson: MiddlewareHandler = async (c, next) => {
  const hasBody = c.req.raw.body !== null || c.req.method === "PATCH";
  const isJson = /^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "");
  if (hasBody && !isSafe(c.req.method) && !isJson) {
    return refuse(c, "bad_request", "Cannot read the request: wants a body of content-type application/json");
  }
  await next();
};
