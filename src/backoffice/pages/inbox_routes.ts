import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { changeMany, readOrder } from "@/backoffice/bulk_changes.ts";
import { loadInbox, toRow } from "@/backoffice/load_inbox.ts";
import { inboxPath, saveView } from "@/backoffice/saved_views.ts";
import { savedViewId } from "@/store/records.ts";
import { respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { undoStatus } from "@/backoffice/undo_status.ts";
import { isStuck } from "@views/parts/delivery.ts";
import { conversationRow } from "@views/parts/conversation_row.ts";
import { inboxLiveParts, inboxPage, typedResults } from "@views/inbox.ts";

export function inboxRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    const body = inboxPage(ui, await loadInbox(deps, c));
    const page = { title: ui.t("nav.inbox"), section: "inbox", shape: "app" } as const;
    return respondPage(deps, c, { ui, content: { ...page, body, status: await undoStatus(deps, c, ui) } });
  });
  routes.get("/list", async (c) => {
    const data = await loadInbox(deps, c, { currentId: c.req.query("current") });
    return respondRegion(c, inboxLiveParts(await uiOf(deps, c), data));
  });
  routes.get("/results", async (c) => {
    const currentId = c.req.query("current");
    const data = await loadInbox(deps, c, { currentId });
    // Beside a conversation the address stays the conversation's.
    if (currentId === undefined) c.header("hx-replace-url", `/admin/inbox${data.query}`);
    return respondRegion(c, typedResults(await uiOf(deps, c), data));
  });
  routes.get("/:id/row", async (c) => {
    const aggregate = await deps.store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return c.body(null, 204);
    const { current, ...view } = c.req.query();
    const failed = aggregate.outbound.some(isStuck);
    const row = toRow({ ...aggregate, failed }, view.q ?? "", deps.store.now());
    const options = { query: `?${new URLSearchParams(view)}`, currentId: current };
    return respondRegion(c, [conversationRow(await uiOf(deps, c), row, options)]);
  });
  routes.post("/bulk", async (c) => {
    const form = await c.req.formData();
    const order = readOrder(form, c.get("session").operator);
    const back = inboxPath(form.get("view"));
    if (order === undefined) return c.redirect(back, 303);
    const { done, refused } = await changeMany(deps.actions, order);
    return c.redirect(`${back}&done=${done}&refused=${refused}`, 303);
  });
  routes.post("/views", async (c) => {
    const form = await c.req.parseBody();
    return c.redirect(await saveView(deps.store, form, c.get("session").operator), 303);
  });
  routes.post("/views/remove", async (c) => {
    const { name, view } = await c.req.parseBody();
    await deps.store.savedViews.remove(savedViewId(c.get("session").operator, String(name)));
    return c.redirect(inboxPath(view), 303);
  });
  return routes;
}
