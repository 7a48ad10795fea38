import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { signedOutFrame, signedOutUi } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import { deletionPage } from "@views/deletion.ts";
import { layout } from "@views/layout.ts";

/** Where somebody who asked Meta for deletion sees how far it is. Open: the code is what only they know. */
export function deletionRoutes(deps: BackofficeDeps): Hono {
  const routes = new Hono();
  routes.get("/deletion/:code", async (c) => {
    const code = c.req.param("code");
    if (!/^[0-9a-f-]{36}$/.test(code)) return notFound(deps, c);
    const account = (await deps.store.accounts.list()).find(({ deletion }) => deletion?.code === code);
    const ui = signedOutUi(deps, c);
    const body = deletionPage(ui, { code, deletion: account?.deletion });
    return c.html(layout(ui, signedOutFrame(deps, c), { title: ui.t("deletion.title"), body, shape: "page" }));
  });
  return routes;
}
