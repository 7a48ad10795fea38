import { Hono } from "hono";
import { etag } from "hono/etag";
import { createHash } from "node:crypto";
import htmx from "htmx.org/dist/htmx.min.js" with { type: "text" };
import htmxPtag from "htmx.org/dist/ext/hx-ptag.min.js" with { type: "text" };
import { stylesheet } from "@/backoffice/stylesheet.ts";
import composeJs from "@views/static/js/compose.js" with { type: "text" };
import keysJs from "@views/static/js/keys.js" with { type: "text" };
import liveJs from "@views/static/js/live.js" with { type: "text" };
import pageJs from "@views/static/js/page.js" with { type: "text" };

interface Asset {
  readonly name: string;
  readonly type: string;
  readonly body: string;
}

const css = asset("moca", "css", stylesheet);
const js = asset("moca", "js", [htmx, htmxPtag, pageJs, liveJs, keysJs, composeJs].join("\n;"));

/** Where the pages find their style and script: names that change with the content. */
export const assetUrls = { css: `/admin/static/${css.name}`, js: `/admin/static/${js.name}` };

function asset(name: string, extension: "css" | "js", body: string): Asset {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  const type = extension === "css" ? "text/css" : "text/javascript";
  return { name: `${name}.${hash}.${extension}`, type: `${type}; charset=utf-8`, body };
}

/** `/admin/static/*`: kept by browsers for ever, as another content has another name. */
export function assetRoutes(): Hono {
  const routes = new Hono();
  routes.use(etag());
  for (const { name, type, body } of [css, js]) {
    routes.get(
      `/${name}`,
      (c) => c.body(body, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" }),
    );
  }
  return routes;
}
