import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { isFragmentRequest, respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { RewindChange } from "@/rules/rewind/rewind.ts";
import type { RewindRequest, RewindState, StartOutcome } from "@/rules/rewind/rewind_jobs.ts";
import { isPastedFileName, maxPastedLength } from "@/rules/rule_folder.ts";
import type { Contact, Message, Turn } from "@/store/records.ts";
import { contactName } from "@views/parts/person.ts";
import {
  type ChangedTurn,
  type RewindForm,
  rewindPage,
  type RewindProblem,
  rewindRegion,
  type RewindResultData,
  rewindResultPage,
  type RewindStartData,
} from "@views/rewind.ts";

const pageSize = 25;
const firstForm: RewindForm = { days: "7", fileName: "", fileText: "", tokenBudget: "" };

/** `/rules/rewind`: the rules over the turns of the past. */
export function rewindRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", (c) => showStart(deps, c, { form: firstForm, faults: [] }));
  routes.post("/", async (c) => {
    const form = readForm(await c.req.parseBody());
    const request = toRequest(form);
    if ("problem" in request) return await showStart(deps, c, { form, faults: [], ...request });
    return await answerStart(deps, c, form, await deps.rewinds.start(request));
  });
  routes.get("/:id", async (c) => {
    const run = deps.rewinds.get(c.req.param("id"));
    if (run === undefined) return await notFound(deps, c);
    const data = await loadResult(deps, run, Number(c.req.query("page") ?? "1"));
    const ui = await uiOf(deps, c);
    if (isFragmentRequest(c)) return respondRegion(c, [rewindRegion(ui, data)]);
    const content = { title: ui.t("rules.tab.rewind"), section: "rules", shape: "page" } as const;
    return await respondPage(deps, c, { ui, content: { ...content, body: rewindResultPage(ui, data) } });
  });
  routes.post("/:id/cancel", async (c) => {
    const id = c.req.param("id");
    if (deps.rewinds.cancel(id) === "unknown") return await notFound(deps, c);
    await deps.rewinds.ended(id);
    return c.redirect(`/admin/rules/rewind/${id}`, 303);
  });
  return routes;
}

function readForm(body: Readonly<Record<string, unknown>>): RewindForm {
  const text = (name: string): string => typeof body[name] === "string" ? body[name] : "";
  return {
    days: text("days"),
    fileName: text("fileName").trim(),
    fileText: text("fileText"),
    tokenBudget: text("tokenBudget").trim(),
  };
}

function toRequest(form: RewindForm): RewindRequest | { readonly problem: RewindProblem } {
  const days = Number(form.days);
  if (!Number.isInteger(days) || days < 1 || days > 365) return { problem: "badDays" };
  const tokenBudget = Number(form.tokenBudget);
  if (!Number.isInteger(tokenBudget) || tokenBudget < 0 || tokenBudget > 10_000_000) return { problem: "badBudget" };
  const hasFile = form.fileText.trim() !== "";
  const isGoodFile = isPastedFileName(form.fileName) && form.fileText.length <= maxPastedLength;
  if (hasFile && !isGoodFile) return { problem: "badFileName" };
  return { days, tokenBudget, ...(hasFile ? { file: { name: form.fileName, text: form.fileText } } : {}) };
}

async function answerStart(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  form: RewindForm,
  outcome: StartOutcome,
): Promise<Response> {
  switch (outcome.kind) {
    case "started":
    case "busy":
      return c.redirect(`/admin/rules/rewind/${outcome.id}`, 303);
    case "broken":
      return await showStart(deps, c, { form, faults: outcome.faults });
    case "noAccount":
      return await showStart(deps, c, { form, faults: [], problem: "noAccount" });
  }
}

async function showStart(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  data: Omit<RewindStartData, "runs">,
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const body = rewindPage(ui, { ...data, runs: deps.rewinds.list() });
  const isRefused = data.problem !== undefined || data.faults.length > 0;
  const content = { title: ui.t("rules.tab.rewind"), section: "rules", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status: isRefused ? 422 : 200, content });
}

async function loadResult(deps: BackofficeDeps, run: RewindState, wanted: number): Promise<RewindResultData> {
  const { store, rewinds } = deps;
  const pages = Math.max(1, Math.ceil(rewinds.kept(run.id) / pageSize));
  const page = Number.isInteger(wanted) ? Math.min(pages, Math.max(1, wanted)) : 1;
  const changes = rewinds.changes(run.id, { offset: (page - 1) * pageSize, limit: pageSize });
  const turns = await store.turns.byIds(changes.map(({ turnId }) => turnId));
  const messages = await store.messages.byIds(turns.flatMap(({ messageIds }) => messageIds));
  const ids = [...new Set(turns.map(({ conversationId }) => conversationId))];
  const found = await Promise.all(ids.map((id) => store.conversations.load(id)));
  const contacts = new Map(found.flatMap((one) => one === undefined ? [] : [[one.contact.id, one.contact]]));
  const rows = {
    turns: new Map(turns.map((turn) => [turn.id, turn])),
    messages: new Map(messages.map((message) => [message.id, message])),
    contacts,
  };
  return { run, page, pages, changes: changes.flatMap((change) => changedTurn(change, rows)) };
}

interface Rows {
  readonly turns: ReadonlyMap<string, Turn>;
  readonly messages: ReadonlyMap<string, Message>;
  readonly contacts: ReadonlyMap<string, Contact>;
}

/** Nothing of a turn that was erased since. */
function changedTurn(change: RewindChange, { turns, messages, contacts }: Rows): readonly ChangedTurn[] {
  const { turnId, conversationId, decidedAt, then, now, model } = change;
  const turn = turns.get(turnId);
  const contact = contacts.get(conversationId);
  if (turn === undefined || contact === undefined) return [];
  const said = turn.messageIds.map((id) => messages.get(id)?.text ?? "").filter((text) => text !== "");
  return [{
    turnId,
    conversationId,
    contactName: contactName(contact),
    decidedAt,
    said,
    then: { verdict: then.kind, rule: then.rule, outcome: turn.outcome },
    now: { verdict: now.kind, rule: now.rule, texts: now.texts, reason: now.reason },
    model,
  }];
}
