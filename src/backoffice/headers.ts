import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * What every answer of the back office says to the browser. The referrer stays on this site instead of being
 * left out everywhere: without it browsers send forms with `Origin: null`, and over plain http that header is
 * all that tells an own form from a foreign one. Links out of the pages carry `noreferrer` themselves.
 */
export function backofficeHeaders({ https }: { https: boolean }): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    strictTransportSecurity: https ? "max-age=31536000" : false,
  });
}

/** Pages hold what customers wrote: nobody keeps a copy. */
export const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  const isStream = c.res.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (isStream || !c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  c.header("vary", "HX-Request, Cookie, Accept-Language", { append: true });
};
