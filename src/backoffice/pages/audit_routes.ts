import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { csvLine } from "@/backoffice/csv.ts";
import type { AuditEntry } from "@/store/records.ts";
import { type AuditData, auditPage } from "@views/audit.ts";

const pageSize = 50;
const exportSize = 10_000;

/** Who did what, with before and after. */
export function auditRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    const data = await loadAudit(deps, c);
    const content = {
      title: ui.t("audit.title"),
      section: "settings",
      shape: "page",
      body: auditPage(ui, data),
    } as const;
    return respondPage(deps, c, { ui, content });
  });
  routes.get("/export.csv", async (c) => {
    const entries = await deps.store.audit.list({ object: objectOf(c), limit: exportSize });
    const lines = [csvLine(["time", "actor", "action", "object", "changes"]), ...entries.map(toLine)];
    const headers = {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="audit.csv"',
    };
    return c.body(lines.join(""), 200, headers);
  });
  return routes;
}

function objectOf(c: Context): string | undefined {
  const object = (c.req.query("object") ?? "").trim();
  return object === "" ? undefined : object;
}

async function loadAudit({ store }: BackofficeDeps, c: Context): Promise<AuditData> {
  const object = objectOf(c);
  const before = new Date(c.req.query("before") ?? "");
  const isLater = !Number.isNaN(before.getTime());
  const entries = await store.audit.list({ object, limit: pageSize, ...(isLater ? { before } : {}) });
  const last = entries.length < pageSize ? undefined : entries.at(-1);
  const search = new URLSearchParams({ ...(object === undefined ? {} : { object }) });
  const next = last && new URLSearchParams([...search, ["before", last.at.toISOString()]]);
  return { entries, object: object ?? "", nextQuery: next && `?${next}`, exportQuery: `?${search}` };
}

function toLine({ at, actor, action, object, changes }: AuditEntry): string {
  return csvLine([at.toISOString(), actor, action, object, JSON.stringify(changes)]);
}
