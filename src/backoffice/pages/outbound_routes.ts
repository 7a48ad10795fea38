import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { findEchoAt } from "@/backoffice/find_echo.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import { safePath, type SessionEnv } from "@/backoffice/session.ts";
import { loadQueue, showQueue } from "@/backoffice/show_queue.ts";
import type { ItemAction } from "@/conversation/operator.ts";
import { proofOf } from "@/conversation/proof.ts";
import { outboundPage } from "@views/outbound.ts";
import { contactName } from "@views/parts/person.ts";

/** `GET /outbound/:id`, the send ledger of one text; `POST /outbound/:id/retry`, `/arrived`, `/discard`, `/cancel`, `/restore`. */
export function outboundRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id", (c) => showLedger(deps, c, c.req.param("id")));
  routes.post("/:id/:action{retry|arrived|discard|cancel|restore}", async (c) => {
    const form = await c.req.parseBody();
    const action = c.req.param("action") as ItemAction;
    const outcome = await deps.actions.actOnItem(c.req.param("id"), action, c.get("session").operator);
    if (outcome.kind === "notFound") return notFound(deps, c);
    if (outcome.kind === "done") return c.redirect(safePath(String(form["back"] ?? "")), 303);
    const data = { ...await loadQueue(deps, c), path: "/admin/queue", refused: outcome.reason };
    return showQueue(deps, c, { data, status: 409 });
  });
  return routes;
}

async function showLedger(deps: BackofficeDeps, c: Context<SessionEnv>, id: string): Promise<Response> {
  const item = await deps.store.outbound.get(id);
  const aggregate = item && await deps.store.conversations.load(item.conversationId);
  if (item === undefined || aggregate === undefined) return notFound(deps, c);
  const ui = await uiOf(deps, c, item.accountId);
  const name = contactName(aggregate.contact);
  const proof = proofOf(item, await findEchoAt(deps.store, item));
  const body = outboundPage(ui, { item, contactName: name, proof });
  const title = ui.t("ledger.title", { name });
  return respondPage(deps, c, { ui, content: { title, section: "queue", shape: "page", body } });
}
