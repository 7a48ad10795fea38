import { Hono } from "hono";
import type { Aggregate } from "@/conversation/aggregate.ts";
import type { Misfit } from "@/conversation/contact_fields.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { assigneeOf, listAssignees } from "@/backoffice/assignees.ts";
import { readContactForm, typedTexts } from "@/backoffice/contact_form.ts";
import { conversationPath } from "@/backoffice/conversation_path.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import type { ContactOutcome } from "@/backoffice/operator_actions.ts";
import { earlierSince } from "@/backoffice/load_conversation.ts";
import { respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { liveData, type PageContext, showConversation, type Shown } from "@/backoffice/show_conversation.ts";
import { earlierParts, liveParts } from "@views/conversation.ts";

export function conversationRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id", async (c) => {
    const id = c.req.param("id");
    // First, so that what comes meanwhile is either counted here or still unread.
    const unread = await deps.actions.markRead(id);
    const aggregate = await deps.store.conversations.load(id);
    if (aggregate === undefined) return notFound(deps, c);
    return showConversation(deps, c, { aggregate, shown: { ...edited(aggregate, c.req.query("draft")), unread } });
  });
  routes.get("/:id/timeline", async (c) => {
    const aggregate = await deps.store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return c.body(null, 204);
    const ui = await uiOf(deps, c, aggregate.conversation.accountId);
    const { since, new: newFrom } = c.req.query();
    return respondRegion(c, liveParts(ui, await liveData(deps, c, { aggregate, since, newFrom })));
  });
  routes.get("/:id/earlier", async (c) => {
    const { since: shownSince = "", new: newFrom } = c.req.query();
    const aggregate = await deps.store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return c.body(null, 204);
    const ui = await uiOf(deps, c, aggregate.conversation.accountId);
    const since = await earlierSince(deps.store, aggregate.conversation.id, shownSince);
    return respondRegion(c, earlierParts(ui, await liveData(deps, c, { aggregate, since, newFrom })));
  });
  routes.post("/:id/undo", (c) => postUndo(deps, c, c.req.param("id")));
  routes.post("/:id/change", (c) => postChange(deps, c, c.req.param("id")));
  routes.post("/:id/contact/undo", async (c) => {
    const form = await c.req.parseBody();
    const fact = { field: String(form["field"] ?? ""), value: String(form["value"] ?? "") };
    const id = c.req.param("id");
    const outcome = await deps.actions.undoFact(id, fact, c.get("session").operator);
    if (outcome.kind === "notFound") return notFound(deps, c);
    return c.redirect(`${conversationPath(c, id)}#contact`, 303);
  });
  routes.post("/:id/contact", (c) => postContact(deps, c, c.req.param("id")));
  return routes;
}

/** The draft that the page was asked to put into the composer, when it still waits. */
function edited({ conversation: { draft } }: Aggregate, asked: string | undefined): Shown {
  return draft === undefined || draft.id !== asked ? {} : { text: draft.texts.join("\n\n"), draftId: draft.id };
}

async function postChange(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const handler = oneOf(["bot", "person"] as const, form["handler"]);
  const state = oneOf(["open", "closed"] as const, form["state"]);
  const { operator } = c.get("session");
  const assignee = await readAssignee(deps, form["assignee"], operator);
  const outcome = await deps.actions.changeConversation(id, { handler, state, assignee }, operator);
  if (outcome.kind === "notFound") return notFound(deps, c);
  return c.redirect(`${conversationPath(c, id, { undo: undoOf(outcome) })}#latest`, 303);
}

/** Undefined when the form does not speak of it, or of somebody who is not in the team. */
async function readAssignee(
  deps: BackofficeDeps,
  asked: unknown,
  operator: string,
): Promise<string | null | undefined> {
  if (typeof asked !== "string") return undefined;
  const assignee = assigneeOf(asked, operator);
  return assignee === null || (await listAssignees(deps.store)).includes(assignee) ? assignee : undefined;
}

/** What can be taken back of a change. */
function undoOf(outcome: ContactOutcome): string | undefined {
  return outcome.kind === "changed" ? outcome.entryId : undefined;
}

async function postUndo(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const outcome = await deps.actions.undoChange(id, String(form["entry"] ?? ""), c.get("session").operator);
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  if (outcome.kind === "undone") return c.redirect(`${conversationPath(c, id)}#latest`, 303);
  const problemAbove = (await uiOf(deps, c)).t("undo.gone");
  return showConversation(deps, c, { aggregate, shown: { problemAbove }, status: 409 });
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

async function postContact(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  const form = await c.req.parseBody();
  const account = await deps.store.accounts.get(aggregate.conversation.accountId);
  const { contactFields } = resolveSettings(account?.settings ?? {});
  const patch = readContactForm(form, { contact: aggregate.contact, defined: contactFields });
  const refuse = (misfits: readonly Misfit[]): Promise<Response> => {
    const refusedContact = { typed: typedTexts(form), misfits };
    return showConversation(deps, c, { aggregate, shown: { refusedContact }, status: 422 });
  };
  if (patch === "badField") return refuse([]);
  const outcome = await deps.actions.changeContact(id, patch, c.get("session").operator);
  if (outcome.kind === "misfit") return refuse(outcome.misfits);
  return c.redirect(`${conversationPath(c, id, { undo: undoOf(outcome) })}#contact`, 303);
}
