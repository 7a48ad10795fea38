import { type Context, Hono } from "hono";
import { type Aggregate } from "@/conversation/aggregate.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { readContactForm } from "@/backoffice/contact_form.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadTimeline, makeComposer, makeDraft } from "@/backoffice/load_conversation.ts";
import { loadInbox } from "@/backoffice/load_inbox.ts";
import type { DraftResult } from "@/backoffice/draft_actions.ts";
import type { SendOutcome } from "@/backoffice/operator_actions.ts";
import { isFragmentRequest, respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { type ConversationData, conversationPage, liveParts, sentParts } from "@views/conversation.ts";
import { contactName } from "@views/parts/person.ts";
import type { Ui } from "@views/ui.ts";

type PageContext = Context<SessionEnv>;

/** What a page shows besides the conversation: a text that was not taken, and why. */
interface Shown {
  readonly text?: string;
  /** The draft whose text it is. */
  readonly draftId?: string;
  readonly problem?: string;
  readonly contactProblem?: string;
}

export function conversationRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id", async (c) => {
    const id = c.req.param("id");
    await deps.actions.markRead(id);
    const aggregate = await deps.store.conversations.load(id);
    if (aggregate === undefined) return notFound(deps, c);
    return showConversation(deps, c, { aggregate, shown: edited(aggregate, c.req.query("draft")) });
  });
  routes.get("/:id/timeline", async (c) => {
    const aggregate = await deps.store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return c.body(null, 204);
    const ui = await uiOf(deps, c, aggregate.conversation.accountId);
    return respondRegion(c, liveParts(ui, await conversationData(deps, c, { aggregate, shown: {} })));
  });
  routes.post("/:id/messages", (c) => postMessage(deps, c, c.req.param("id")));
  routes.post("/:id/draft/:what{send|discard}", (c) => postDraft(deps, c, c.req.param("id")));
  routes.post("/:id/change", (c) => postChange(deps, c, c.req.param("id")));
  routes.post("/:id/contact/undo", async (c) => {
    const form = await c.req.parseBody();
    const fact = { field: String(form["field"] ?? ""), value: String(form["value"] ?? "") };
    const id = c.req.param("id");
    const outcome = await deps.actions.undoFact(id, fact, c.get("session").operator);
    if (outcome.kind === "notFound") return notFound(deps, c);
    return c.redirect(`/admin/inbox/${encodeURIComponent(id)}#contact`, 303);
  });
  routes.post("/:id/contact", (c) => postContact(deps, c, c.req.param("id")));
  return routes;
}

/** The draft that the page was asked to put into the composer, when it still waits. */
function edited({ conversation: { draft } }: Aggregate, asked: string | undefined): Shown {
  return draft === undefined || draft.id !== asked ? {} : { text: draft.texts.join("\n\n"), draftId: draft.id };
}

async function showConversation(
  deps: BackofficeDeps,
  c: PageContext,
  { aggregate, shown, status = 200 }: { aggregate: Aggregate; shown: Shown; status?: 200 | 409 | 422 },
): Promise<Response> {
  const ui = await uiOf(deps, c, aggregate.conversation.accountId);
  const body = conversationPage(ui, await conversationData(deps, c, { aggregate, shown }));
  const title = contactName(aggregate.contact);
  return respondPage(deps, c, { ui, status, content: { title, section: "inbox", shape: "app", deep: true, body } });
}

async function conversationData(
  deps: BackofficeDeps,
  c: PageContext,
  { aggregate, shown }: { aggregate: Aggregate; shown: Shown },
): Promise<ConversationData> {
  const { conversation, contact } = aggregate;
  const before = c.req.query("before");
  const now = deps.store.now();
  const [timeline, inbox] = await Promise.all([
    loadTimeline(deps.store, aggregate, { before }),
    loadInbox(deps, c, { currentId: conversation.id }),
  ]);
  return {
    conversation,
    contact,
    handler: handlerAt(conversation, now),
    timeline,
    draft: makeDraft(aggregate, now),
    isNewest: before === undefined,
    composer: makeComposer(aggregate, { now, text: shown.text, problem: shown.problem, draftId: shown.draftId }),
    inbox,
    contactProblem: shown.contactProblem,
  };
}

async function postMessage(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const text = String(form["text"] ?? "");
  const tag = form["tag"] === "HUMAN_AGENT" ? "HUMAN_AGENT" as const : undefined;
  const request = { text, commandId: String(form["commandId"] ?? ""), tag };
  const outcome = await deps.actions.sendMessage(id, request, c.get("session").operator);
  return respondSent(deps, c, { id, outcome, text });
}

/** A draft sent as it is (the form holds no text), sent with other words, or thrown away. */
async function postDraft(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const draftId = String(form["draftId"] ?? "");
  const commandId = String(form["commandId"] ?? "");
  const text = form["text"] === undefined ? undefined : String(form["text"]);
  const tag = form["tag"] === "HUMAN_AGENT" ? "HUMAN_AGENT" as const : undefined;
  const { operator } = c.get("session");
  const outcome = c.req.param("what") === "discard"
    ? await deps.actions.discardDraft(id, { draftId, commandId }, operator)
    : await deps.actions.sendDraft(id, { draftId, commandId, text, tag }, operator);
  return respondSent(deps, c, { id, outcome, text });
}

async function respondSent(
  deps: BackofficeDeps,
  c: PageContext,
  { id, outcome, text }: { id: string; outcome: SendOutcome | DraftResult; text?: string },
): Promise<Response> {
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  const ui = await uiOf(deps, c, aggregate.conversation.accountId);
  const problem = problemOf(ui, outcome);
  const isSent = problem === undefined;
  if (!isFragmentRequest(c)) {
    if (isSent) return c.redirect(`/admin/inbox/${encodeURIComponent(id)}#latest`, 303);
    return showConversation(deps, c, { aggregate, shown: { text, problem }, status: statusOf(outcome) });
  }
  const data = await conversationData(deps, c, { aggregate, shown: isSent ? {} : { text, problem } });
  return c.html(sentParts(ui, data), isSent ? 200 : statusOf(outcome));
}

/** Why a message was not taken, in words; undefined when it was. */
function problemOf({ t }: Ui, outcome: SendOutcome | DraftResult): string | undefined {
  switch (outcome.kind) {
    case "queued":
    case "repeated":
    case "discarded":
    case "notFound":
      return undefined;
    case "invalid":
      return t(`send.${outcome.problem}`);
    default:
      return t(`send.${outcome.kind}`);
  }
}

function statusOf({ kind }: SendOutcome | DraftResult): 409 | 422 {
  return kind === "windowClosed" || kind === "overtaken" ? 409 : 422;
}

async function postChange(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const handler = oneOf(["bot", "person"] as const, form["handler"]);
  const state = oneOf(["open", "closed"] as const, form["state"]);
  const outcome = await deps.actions.changeConversation(id, { handler, state }, c.get("session").operator);
  if (outcome.kind === "notFound") return notFound(deps, c);
  return c.redirect(`/admin/inbox/${encodeURIComponent(id)}#latest`, 303);
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

async function postContact(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  const patch = readContactForm(await c.req.parseBody(), aggregate.contact);
  if (patch === "badField") {
    const ui = await uiOf(deps, c);
    return showConversation(deps, c, { aggregate, shown: { contactProblem: ui.t("contact.badField") }, status: 422 });
  }
  await deps.actions.changeContact(id, patch, c.get("session").operator);
  return c.redirect(`/admin/inbox/${encodeURIComponent(id)}#contact`, 303);
}
