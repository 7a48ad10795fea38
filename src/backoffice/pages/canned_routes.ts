import { Hono } from "hono";
import { type CannedOutcome, removeCannedReply, saveCannedReply } from "@/backoffice/canned_actions.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { firstAccount, respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { PageContext } from "@/backoffice/show_conversation.ts";
import type { Account } from "@/store/records.ts";
import { cannedListPage, cannedPage, type CannedPageData } from "@views/canned.ts";
import type { VNode } from "@views/html.ts";
import type { Ui } from "@views/ui.ts";

/** The replies that people keep ready: a list, and a page for each. */
export function cannedRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const account = await accountOf(deps, c.req.query("account"));
    if (account === undefined) return notFound(deps, c);
    const ui = await uiOf(deps, c, account.id);
    const [replies, accounts] = await Promise.all([
      deps.store.cannedReplies.list(account.id),
      deps.store.accounts.list(),
    ]);
    return respond(deps, c, { ui, body: cannedListPage(ui, { accountId: account.id, accounts, replies }) });
  });
  routes.get("/new", async (c) => {
    const account = await accountOf(deps, c.req.query("account"));
    if (account === undefined) return notFound(deps, c);
    return show(deps, c, { data: { accountId: account.id, title: "", shortcut: "", body: "", errors: [] } });
  });
  routes.get("/:id", async (c) => {
    const reply = await deps.store.cannedReplies.get(c.req.param("id"));
    if (reply === undefined) return notFound(deps, c);
    return show(deps, c, { data: { ...reply, errors: [] } });
  });
  routes.post("/", (c) => post(deps, c, undefined));
  routes.post("/:id", (c) => post(deps, c, c.req.param("id")));
  routes.post("/:id/remove", async (c) => {
    const reply = await deps.store.cannedReplies.get(c.req.param("id"));
    if (reply === undefined) return notFound(deps, c);
    await removeCannedReply(deps.store, { id: reply.id, operator: c.get("session").operator });
    return c.redirect(listPath(reply.accountId), 303);
  });
  return routes;
}

function listPath(accountId: string): string {
  return `/admin/replies?account=${encodeURIComponent(accountId)}`;
}

function accountOf(deps: BackofficeDeps, id: string | undefined): Promise<Account | undefined> {
  return id === undefined ? firstAccount(deps) : deps.store.accounts.get(id);
}

async function post(deps: BackofficeDeps, c: PageContext, id: string | undefined): Promise<Response> {
  const form = await c.req.parseBody();
  const account = await accountOf(deps, String(form["account"] ?? ""));
  if (account === undefined) return notFound(deps, c);
  const [title, shortcut, body] = ["title", "shortcut", "body"].map((name) => String(form[name] ?? ""));
  const typed = { accountId: account.id, id, title, shortcut, body };
  const expectedVer = id === undefined ? undefined : Number(form["ver"]);
  const outcome = await saveCannedReply(deps.store, { ...typed, expectedVer, operator: c.get("session").operator });
  if (outcome.kind === "saved") return c.redirect(listPath(account.id), 303);
  if (outcome.kind === "notFound") return notFound(deps, c);
  return await showRefused(deps, c, { outcome, typed: { ...typed, ver: expectedVer } });
}

function showRefused(
  deps: BackofficeDeps,
  c: PageContext,
  { outcome, typed }: { outcome: CannedOutcome; typed: Omit<CannedPageData, "errors" | "isStale"> },
): Promise<Response> {
  if (outcome.kind === "invalid") {
    return show(deps, c, { data: { ...typed, errors: Object.keys(outcome.fields) }, status: 422 });
  }
  return show(deps, c, { data: { ...typed, errors: [], isStale: true }, status: 409 });
}

async function show(
  deps: BackofficeDeps,
  c: PageContext,
  { data, status = 200 }: { data: CannedPageData; status?: 200 | 409 | 422 },
): Promise<Response> {
  const ui = await uiOf(deps, c, data.accountId);
  return respond(deps, c, { ui, body: cannedPage(ui, data), status });
}

/** Agents have no settings in their rail: for them it belongs to the inbox, from where they came. */
function respond(
  deps: BackofficeDeps,
  c: PageContext,
  { ui, body, status = 200 }: { ui: Ui; body: VNode; status?: 200 | 409 | 422 },
): Promise<Response> {
  const section = ui.role === "admin" ? "settings" as const : "inbox" as const;
  return respondPage(deps, c, { ui, status, content: { title: ui.t("canned.title"), section, shape: "page", body } });
}
