/** Keeps other sites from acting in an operator's name: every unsafe request says where it is from, and proves it. */
import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import type { Config } from "@/config.ts";
import type { Session } from "@/store/records.ts";

export type CsrfCheck = "ok" | "badOrigin" | "badToken";

/**
 * Judges an unsafe request of a signed-in session: it comes from a page of this site, and carries the session's
 * token in the form field `_csrf` or the header `x-csrf-token`.
 */
export async function verifyCsrf(c: Context, session: Session, config: Pick<Config, "publicUrl">): Promise<CsrfCheck> {
  if (!isOwnOrigin(c, config)) return "badOrigin";
  const token = c.req.header("x-csrf-token") ?? await formToken(c);
  return token !== undefined && isSameText(token, session.csrfToken) ? "ok" : "badToken";
}

/** Whether the browser says that the request was made by a page of this site. */
export function isOwnOrigin(c: Context, { publicUrl }: Pick<Config, "publicUrl">): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = c.req.header("origin");
  const url = origin === undefined ? null : URL.parse(origin);
  if (url === null) return false;
  // Behind a proxy that ends TLS, the request's own scheme is not what the browser saw: the host is compared.
  const isPublic = publicUrl !== undefined && url.origin === new URL(publicUrl).origin;
  return isPublic || url.host === c.req.header("host");
}

async function formToken(c: Context): Promise<string | undefined> {
  const type = c.req.header("content-type") ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/form-data");
  if (!isForm) return undefined;
  const value = (await c.req.parseBody())["_csrf"];
  return typeof value === "string" ? value : undefined;
}

function isSameText(a: string, b: string): boolean {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
