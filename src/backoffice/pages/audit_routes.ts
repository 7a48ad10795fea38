import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { csvLine } from "@/backoffice/csv.ts";
import { searchAudit } from "@/backoffice/search_audit.ts";
import type { AuditEntry } from "@/store/records.ts";
import type { AuditQuery } from "@/store/store.ts";
import { shownWords } from "@views/parts/audit_words.ts";
import type { Ui } from "@views/ui.ts";
import { type AuditData, type AuditFilter, auditPage } from "@views/audit.ts";

const pageSize = 50;
const exportSize = 10_000;

/** Who did what, with before and after. */
export function auditRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const ui = await uiOf(deps, c);
    const data = await loadAudit(deps, c, ui);
    const content = {
      title: ui.t("audit.title"),
      section: "settings",
      shape: "page",
      body: auditPage(ui, data),
    } as const;
    return respondPage(deps, c, { ui, content });
  });
  routes.get("/export.csv", async (c) => {
    const lines = (await readExport(deps, c)).map(toLine);
    const body = [csvLine(["time", "actor", "action", "object", "changes"]), ...lines].join("");
    return c.body(body, 200, fileHeaders("text/csv; charset=utf-8", "audit.csv"));
  });
  routes.get("/export.ndjson", async (c) => {
    const lines = (await readExport(deps, c)).map((entry) => `${JSON.stringify(entry)}\n`);
    return c.body(lines.join(""), 200, fileHeaders("application/x-ndjson", "audit.ndjson"));
  });
  return routes;
}

function fileHeaders(type: string, name: string): Record<string, string> {
  return { "content-type": type, "content-disposition": `attachment; filename="${name}"` };
}

async function readExport(deps: BackofficeDeps, c: Context<SessionEnv>): Promise<readonly AuditEntry[]> {
  const ui = await uiOf(deps, c);
  const filter = readFilter(c);
  const wordsOf = (entry: AuditEntry): string => shownWords(ui, entry);
  const query = { ...toQuery(filter, ui.timeZone), text: filter.q, wordsOf, limit: exportSize };
  return (await searchAudit(deps.store.audit, query)).items;
}

async function loadAudit({ store }: BackofficeDeps, c: Context, ui: Ui): Promise<AuditData> {
  const filter = readFilter(c);
  const cursor = c.req.query("cursor");
  const wordsOf = (entry: AuditEntry): string => shownWords(ui, entry);
  const query = { ...toQuery(filter, ui.timeZone), text: filter.q, wordsOf, cursor, limit: pageSize };
  const page = await searchAudit(store.audit, query);
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""));
  const next = page.nextCursor && new URLSearchParams([...search, ["cursor", page.nextCursor]]);
  return { entries: page.items, filter, nextQuery: next && `?${next}`, exportQuery: `?${search}` };
}

function readFilter(c: Context): AuditFilter {
  const text = (name: string): string => (c.req.query(name) ?? "").trim();
  const [q, object, actor, action, from, to] = ["q", "object", "actor", "action", "from", "to"].map(text);
  return { q, object, actor, action, from, to };
}

/** From the first moment of one day to the last of the other, on the reader's calendar. */
function toQuery({ object, actor, action, from, to }: AuditFilter, timeZone: string): Omit<AuditQuery, "limit"> {
  const given = Object.entries({ object, actor, action }).filter(([, value]) => value !== "");
  return {
    ...Object.fromEntries(given),
    since: dayStart(from, { timeZone, days: 0 }),
    before: dayStart(to, { timeZone, days: 1 }),
  };
}

/** So many days after the date begins; undefined when the text is no date. */
function dayStart(text: string, { timeZone, days }: { timeZone: string; days: number }): Date | undefined {
  try {
    return new Date(Temporal.PlainDate.from(text).add({ days }).toZonedDateTime(timeZone).epochMilliseconds);
  } catch {
    return undefined;
  }
}

function toLine({ at, actor, action, object, changes }: AuditEntry): string {
  return csvLine([at.toISOString(), actor, action, object, JSON.stringify(changes)]);
}
