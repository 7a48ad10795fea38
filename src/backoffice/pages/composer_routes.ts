/** What is written in a conversation: to the contact, as a note, or with the words of a draft. */
import { Hono } from "hono";
import { conversationPath } from "@/backoffice/conversation_path.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import type { DraftResult } from "@/backoffice/draft_actions.ts";
import { openPlace } from "@/backoffice/canned_text.ts";
import { loadCanned, type Written } from "@/backoffice/load_composer.ts";
import { loadInbox } from "@/backoffice/load_inbox.ts";
import type { NoteOutcome } from "@/backoffice/note_actions.ts";
import type { SendOutcome } from "@/backoffice/operator_actions.ts";
import { isFragmentRequest, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import { readInstant } from "@/backoffice/read_instant.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { conversationData, type PageContext, showConversation } from "@/backoffice/show_conversation.ts";
import { forgetTyped, keepTyped } from "@/backoffice/typed_actions.ts";
import { sentParts } from "@views/conversation.ts";
import type { Ui } from "@views/ui.ts";

type Outcome = SendOutcome | DraftResult | NoteOutcome;

export function composerRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.post("/:id/messages", (c) => postMessage(deps, c, c.req.param("id")));
  routes.post("/:id/draft/:what{send|discard}", (c) => postDraft(deps, c, c.req.param("id")));
  routes.post("/:id/canned", (c) => postCanned(deps, c, c.req.param("id")));
  routes.post("/:id/typed", async (c) => {
    await keep(deps, c, c.req.param("id"), await readForm(c));
    return c.body(null, 204);
  });
  routes.post("/:id/typed/discard", async (c) => {
    const conversationId = c.req.param("id");
    await forgetTyped(deps.store, { conversationId, operator: c.get("session").operator });
    return respond(deps, c, { id: conversationId, written: {}, status: 303 });
  });
  return routes;
}

/** The composer's form, as it was sent. */
interface Form {
  /** Absent where the form has no field for it. */
  readonly text?: string;
  readonly writing: "reply" | "note";
  readonly commandId: string;
  readonly draftId: string;
  readonly tag?: "HUMAN_AGENT";
  readonly keepsBot: boolean;
  readonly seenUpTo?: Date;
  /** Then it is done, and the next conversation comes. */
  readonly thenNext: boolean;
  /** The canned reply that was chosen. */
  readonly canned: string;
}

async function readForm(c: PageContext): Promise<Form> {
  const form = await c.req.parseBody();
  return {
    text: form["text"] === undefined ? undefined : String(form["text"]),
    writing: form["kind"] === "note" ? "note" : "reply",
    commandId: String(form["commandId"] ?? ""),
    draftId: String(form["draftId"] ?? ""),
    tag: form["tag"] === "HUMAN_AGENT" ? "HUMAN_AGENT" : undefined,
    keepsBot: form["keepsBot"] === "yes",
    seenUpTo: readInstant(form["seen"]),
    thenNext: form["then"] === "next",
    canned: String(form["canned"] ?? ""),
  };
}

/** A reply or, when the form says so, a note. */
async function postMessage(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await readForm(c);
  const { text = "", commandId, tag, keepsBot, seenUpTo } = form;
  const { operator } = c.get("session");
  const next = form.thenNext ? await nextPath(deps, c, id) : undefined;
  const outcome = form.writing === "note"
    ? await deps.actions.addNote(id, { text, commandId }, operator)
    : await deps.actions.sendMessage(id, { text, commandId, tag, keepsBot, seenUpTo }, operator);
  const isSent = outcome.kind === "queued" || outcome.kind === "repeated";
  return isSent && next !== undefined ? finish(deps, c, { id, next }) : respondWritten(deps, c, { id, outcome, form });
}

/** Where the conversation below this one in the list is; the list when there is none. */
async function nextPath(deps: BackofficeDeps, c: PageContext, id: string): Promise<string> {
  const { rows, query } = await loadInbox(deps, c, { currentId: id });
  const others = rows.map(({ conversation }) => conversation.id);
  const next = others[others.indexOf(id) + 1];
  return next === undefined ? `/admin/inbox${query}` : `/admin/inbox/${encodeURIComponent(next)}${query}`;
}

/** Marks the conversation as done, and goes on to the next one with an offer to take that back. */
async function finish(
  deps: BackofficeDeps,
  c: PageContext,
  { id, next }: { readonly id: string; readonly next: string },
): Promise<Response> {
  const { operator } = c.get("session");
  await forgetTyped(deps.store, { conversationId: id, operator });
  const outcome = await deps.actions.changeConversation(id, { state: "closed" }, operator);
  const entryId = outcome.kind === "changed" ? outcome.entryId : undefined;
  const path = entryId === undefined ? next : `${next}&undo=${encodeURIComponent(entryId)}`;
  if (!isFragmentRequest(c)) return c.redirect(`${path}#latest`, 303);
  c.header("hx-redirect", `${path}#latest`);
  return c.body(null, 204);
}

/** A draft sent as it is (the form holds no text), sent with other words, or thrown away. */
async function postDraft(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await readForm(c);
  const { draftId, commandId, text, tag } = form;
  const { operator } = c.get("session");
  const outcome = c.req.param("what") === "discard"
    ? await deps.actions.discardDraft(id, { draftId, commandId }, operator)
    : await deps.actions.sendDraft(id, { draftId, commandId, text, tag }, operator);
  return respondWritten(deps, c, { id, outcome, form });
}

/** Puts a canned reply behind what was typed already. */
async function postCanned(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const { text = "", writing, keepsBot, canned, draftId } = await readForm(c);
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  const choices = await loadCanned(deps.store, aggregate, c.get("session").operator);
  const chosen = choices.find((choice) => choice.id === canned)?.text;
  const joined = [text.trimEnd(), chosen].filter((part) => part !== undefined && part !== "").join("\n");
  const isDraft = aggregate.conversation.draft?.id === draftId;
  return respond(deps, c, {
    id,
    written: { text: joined, writing, keepsBot, draftId: isDraft ? draftId : undefined },
    status: 200,
  });
}

async function keep(deps: BackofficeDeps, c: PageContext, id: string, form: Form): Promise<void> {
  const { text = "", writing, commandId } = form;
  const { operator } = c.get("session");
  await keepTyped(deps.store, { conversationId: id, operator, text, writing, commandId });
}

/** What was not taken stays in the composer, with the reason, and is kept; what was taken is typed no longer. */
async function respondWritten(
  deps: BackofficeDeps,
  c: PageContext,
  { id, outcome, form }: { id: string; outcome: Outcome; form: Form },
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const { text, writing, keepsBot } = form;
  const problem = problemOf(ui, outcome, text);
  const isTaken = problem === undefined;
  if (isTaken && outcome.kind !== "discarded") {
    await forgetTyped(deps.store, { conversationId: id, operator: c.get("session").operator });
  }
  if (isTaken) return respond(deps, c, { id, written: {}, status: 303 });
  if (text !== undefined) await keep(deps, c, id, { ...form, commandId: "" });
  const newer = outcome.kind === "newer" ? outcome.answer : undefined;
  return respond(deps, c, { id, written: { text, writing, keepsBot, problem, newer }, status: statusOf(outcome) });
}

/** The page anew, or for htmx its parts: the composer with what is written, and the timeline. */
async function respond(
  deps: BackofficeDeps,
  c: PageContext,
  { id, written, status }: { id: string; written: Written; status: 200 | 303 | 409 | 422 },
): Promise<Response> {
  const aggregate = await deps.store.conversations.load(id);
  if (aggregate === undefined) return notFound(deps, c);
  if (isFragmentRequest(c)) {
    const ui = await uiOf(deps, c, aggregate.conversation.accountId);
    const { since = "" } = await c.req.parseBody();
    const data = await conversationData(deps, c, { aggregate, shown: { ...written, since: String(since) } });
    return c.html(sentParts(ui, data), status === 303 ? 200 : status);
  }
  if (status === 303) return c.redirect(`${conversationPath(c, id)}#latest`, 303);
  return showConversation(deps, c, { aggregate, shown: written, status });
}

/** Why a text was not taken, in words; undefined when it was. */
function problemOf({ t }: Ui, outcome: Outcome, text = ""): string | undefined {
  switch (outcome.kind) {
    case "queued":
    case "noted":
    case "repeated":
    case "discarded":
    case "notFound":
      return undefined;
    case "invalid":
      return outcome.problem === "openPlace"
        ? t("send.openPlace", { place: openPlace(text) ?? "" })
        : t(`send.${outcome.problem}`);
    default:
      return t(`send.${outcome.kind}`);
  }
}

function statusOf({ kind }: Outcome): 409 | 422 {
  return kind === "windowClosed" || kind === "overtaken" || kind === "newer" ? 409 : 422;
}
