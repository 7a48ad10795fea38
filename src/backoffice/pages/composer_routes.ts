/** What is written in a conversation: to the contact, as a note, or with the words of a draft. */
import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import type { DraftResult } from "@/backoffice/draft_actions.ts";
import type { Written } from "@/backoffice/load_conversation.ts";
import type { NoteOutcome } from "@/backoffice/note_actions.ts";
import type { SendOutcome } from "@/backoffice/operator_actions.ts";
import { isFragmentRequest, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { conversationData, type PageContext, showConversation } from "@/backoffice/show_conversation.ts";
import { sentParts } from "@views/conversation.ts";
import type { Ui } from "@views/ui.ts";

type Outcome = SendOutcome | DraftResult | NoteOutcome;

export function composerRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.post("/:id/messages", (c) => postMessage(deps, c, c.req.param("id")));
  routes.post("/:id/draft/:what{send|discard}", (c) => postDraft(deps, c, c.req.param("id")));
  return routes;
}

/** A reply or, when the form says so, a note. */
async function postMessage(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const text = String(form["text"] ?? "");
  const commandId = String(form["commandId"] ?? "");
  const tag = form["tag"] === "HUMAN_AGENT" ? "HUMAN_AGENT" as const : undefined;
  const { operator } = c.get("session");
  if (form["kind"] === "note") {
    const outcome = await deps.actions.addNote(id, { text, commandId }, operator);
    return respondWritten(deps, c, { id, outcome, written: { text, writing: "note" } });
  }
  const outcome = await deps.actions.sendMessage(id, { text, commandId, tag }, operator);
  return respondWritten(deps, c, { id, outcome, written: { text } });
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
  return respondWritten(deps, c, { id, outcome, written: { text } });
}

/** What was not taken stays in the composer, with the reason. */
async function respondWritten(
  deps: BackofficeDeps,
  c: PageContext,
  { id, outcome, written }: { id: string; outcome: Outcome; written: Written },
): Promise<Response> {
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  const ui = await uiOf(deps, c, aggregate.conversation.accountId);
  const problem = problemOf(ui, outcome);
  const isTaken = problem === undefined;
  const shown = isTaken ? {} : { ...written, problem };
  if (!isFragmentRequest(c)) {
    if (isTaken) return c.redirect(`/admin/inbox/${encodeURIComponent(id)}#latest`, 303);
    return showConversation(deps, c, { aggregate, shown, status: statusOf(outcome) });
  }
  const data = await conversationData(deps, c, { aggregate, shown });
  return c.html(sentParts(ui, data), isTaken ? 200 : statusOf(outcome));
}

/** Why a text was not taken, in words; undefined when it was. */
function problemOf({ t }: Ui, outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case "queued":
    case "noted":
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

function statusOf({ kind }: Outcome): 409 | 422 {
  return kind === "windowClosed" || kind === "overtaken" ? 409 : 422;
}
