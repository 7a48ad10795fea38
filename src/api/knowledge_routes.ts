import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { findAccount } from "@/api/account.ts";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import type { Json } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { type DocumentOutcome, documentSchema, removeDocument, saveDocument } from "@/backoffice/knowledge_actions.ts";
import type { KnowledgeDocument } from "@/store/records.ts";

const accountQuery = z.strictObject({ account: z.string().max(100).optional(), q: z.string().max(200).optional() });

/** `ver`: only onto that version; absent: onto whatever is there. */
const putBody = documentSchema.extend({ ver: z.int().min(1).optional() });

/** The documents that the agent looks things up in. */
export function knowledgeRoutes({ store }: Pick<ApiDeps, "store">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", accountQuery, refuseInvalid), async (c) => {
    const { account: asked, q } = c.req.valid("query");
    const account = await findAccount(store, c, asked);
    if (account instanceof Response) return account;
    if (q !== undefined) {
      return c.json({ items: await store.knowledge.search({ accountId: account.id, query: q, limit: 20 }) });
    }
    return c.json({ items: (await store.knowledge.list(account.id)).map(present) });
  });
  routes.post(
    "/",
    zValidator("query", accountQuery, refuseInvalid),
    zValidator("json", documentSchema, refuseInvalid),
    async (c) => {
      const account = await findAccount(store, c, c.req.valid("query").account);
      if (account instanceof Response) return account;
      const save = { accountId: account.id, ...c.req.valid("json"), operator: c.var.operator };
      return respond(c, await saveDocument(store, save), 201);
    },
  );
  routes.get("/:id", async (c) => {
    const document = await store.knowledge.get(c.req.param("id"));
    return document === undefined ? refuseUnknown(c, "document") : c.json(present(document));
  });
  routes.put("/:id", zValidator("json", putBody, refuseInvalid), async (c) => {
    const { ver, ...content } = c.req.valid("json");
    const document = await store.knowledge.get(c.req.param("id"));
    if (document === undefined) return refuseUnknown(c, "document");
    const { id, accountId } = document;
    const save = { id, accountId, ...content, expectedVer: ver, operator: c.var.operator };
    return respond(c, await saveDocument(store, save), 200);
  });
  routes.delete("/:id", async (c) => {
    const outcome = await removeDocument(store, { id: c.req.param("id"), operator: c.var.operator });
    return outcome === "absent" ? refuseUnknown(c, "document") : c.body(null, 204);
  });
  return routes;
}

function present({ createdAt, updatedAt, ...document }: KnowledgeDocument): Json {
  return { ...document, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

function respond(c: Context, outcome: DocumentOutcome, status: 200 | 201): Response {
  switch (outcome.kind) {
    case "saved":
      return c.json(present(outcome.document), status);
    case "invalid":
      return refuse(c, "invalid", "Cannot save the document", outcome.fields);
    case "conflict":
      return refuse(c, "conflict", "Somebody else saved it meanwhile; read it again");
    case "notFound":
      return refuseUnknown(c, "document");
  }
}
