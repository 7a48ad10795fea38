import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { type DocumentOutcome, removeDocument, saveDocument } from "@/backoffice/knowledge_actions.ts";
import { firstAccount, respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { Account } from "@/store/records.ts";
import { type DocumentData, documentPage, knowledgePage } from "@views/knowledge.ts";

type PageContext = Context<SessionEnv>;

/** The documents that the agent looks things up in, one page each. */
export function knowledgeRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const account = await accountOf(deps, c.req.query("account"));
    return account === undefined ? notFound(deps, c) : showAll(deps, c, account);
  });
  routes.get("/new", async (c) => {
    const account = await accountOf(deps, c.req.query("account"));
    if (account === undefined) return notFound(deps, c);
    return show(deps, c, { data: { accountId: account.id, title: "", text: "", errors: [] } });
  });
  routes.get("/:id", async (c) => {
    const document = await deps.store.knowledge.get(c.req.param("id"));
    if (document === undefined) return notFound(deps, c);
    const outcome = c.req.query("done") === "saved" ? "saved" as const : undefined;
    return show(deps, c, { data: { ...document, errors: [], outcome } });
  });
  routes.post("/", (c) => post(deps, c, undefined));
  routes.post("/:id", (c) => post(deps, c, c.req.param("id")));
  routes.post("/:id/remove", async (c) => {
    const document = await deps.store.knowledge.get(c.req.param("id"));
    if (document === undefined) return notFound(deps, c);
    await removeDocument(deps.store, { id: document.id, operator: c.get("session").operator });
    return c.redirect(`/admin/knowledge?account=${encodeURIComponent(document.accountId)}`, 303);
  });
  return routes;
}

function accountOf(deps: BackofficeDeps, id: string | undefined): Promise<Account | undefined> {
  return id === undefined ? firstAccount(deps) : deps.store.accounts.get(id);
}

async function showAll(deps: BackofficeDeps, c: PageContext, { id }: Account): Promise<Response> {
  const ui = await uiOf(deps, c, id);
  const query = c.req.query("q")?.trim() || undefined;
  const all = await deps.store.knowledge.list(id);
  const found = query === undefined
    ? undefined
    : await deps.store.knowledge.search({ accountId: id, query, limit: 20 });
  const documents = found === undefined
    ? all
    : found.flatMap((one) => all.find((document) => document.id === one.id) ?? []);
  const body = knowledgePage(ui, { accountId: id, documents, query });
  return respondPage(deps, c, {
    ui,
    content: { title: ui.t("knowledge.title"), section: "settings", shape: "page", body },
  });
}

async function post(deps: BackofficeDeps, c: PageContext, id: string | undefined): Promise<Response> {
  const form = await c.req.parseBody();
  const account = await accountOf(deps, String(form["account"] ?? ""));
  if (account === undefined) return notFound(deps, c);
  const [title, text] = [String(form["title"] ?? ""), String(form["text"] ?? "")];
  const expectedVer = id === undefined ? undefined : Number(form["ver"]);
  const save = { accountId: account.id, id, title, text, expectedVer, operator: c.get("session").operator };
  const outcome = await saveDocument(deps.store, save);
  if (outcome.kind === "saved") {
    return c.redirect(`/admin/knowledge/${encodeURIComponent(outcome.document.id)}?done=saved`, 303);
  }
  if (outcome.kind === "notFound") return notFound(deps, c);
  return await showRefused(deps, c, { outcome, typed: { accountId: account.id, id, ver: expectedVer, title, text } });
}

function showRefused(
  deps: BackofficeDeps,
  c: PageContext,
  { outcome, typed }: { outcome: DocumentOutcome; typed: Omit<DocumentData, "errors" | "outcome"> },
): Promise<Response> {
  if (outcome.kind === "invalid") {
    return show(deps, c, { data: { ...typed, errors: Object.keys(outcome.fields) }, status: 422 });
  }
  return show(deps, c, { data: { ...typed, errors: [], outcome: "conflict" }, status: 409 });
}

async function show(
  deps: BackofficeDeps,
  c: PageContext,
  { data, status = 200 }: { data: DocumentData; status?: 200 | 409 | 422 },
): Promise<Response> {
  const ui = await uiOf(deps, c, data.accountId);
  const content = {
    title: ui.t("knowledge.title"),
    section: "settings",
    shape: "page",
    body: documentPage(ui, data),
  } as const;
  return respondPage(deps, c, { ui, status, content });
}
