import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { eraseContact } from "@/backoffice/erase_contact.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound, respondProblem } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { type EraseData, erasePage } from "@views/erase.ts";

/** What is counted in full; of more only that it is more. */
const countLimit = 100;

/** Erasing a contact: a page that says what goes, and the deed. */
export function eraseRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id/erase", async (c) => {
    const data = await loadErasure(deps, c.req.param("id"));
    if (data === undefined) return notFound(deps, c);
    const ui = await uiOf(deps, c);
    const content = { title: ui.t("erase.title"), section: "inbox", shape: "page", body: erasePage(ui, data) } as const;
    return respondPage(deps, c, { ui, content });
  });
  routes.post("/:id/erase", async (c) => {
    const outcome = await eraseContact(deps, { id: c.req.param("id"), operator: c.get("session").operator });
    if (outcome === "waiting") return respondProblem(deps, c, { problem: "stillErasing", status: 503 });
    return c.redirect("/admin/inbox", 303);
  });
  return routes;
}

async function loadErasure({ store }: BackofficeDeps, id: string): Promise<EraseData | undefined> {
  const aggregate = await store.conversations.load(id);
  if (aggregate === undefined) return undefined;
  const [messages, turns, outbound] = await Promise.all([
    store.messages.page(id, { limit: countLimit }),
    store.turns.list(id, { limit: countLimit }),
    store.outbound.list({ conversationId: id, limit: 1 }),
  ]);
  return {
    contact: aggregate.contact,
    messages: { count: messages.items.length, atLeast: messages.nextCursor !== undefined },
    turns: { count: turns.length, atLeast: turns.length === countLimit },
    outbound: { count: outbound.total, atLeast: false },
  };
}
