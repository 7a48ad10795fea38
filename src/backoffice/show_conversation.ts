/** The page of a conversation, and what it shows besides what is stored. */
import type { Context } from "hono";
import type { Aggregate } from "@/conversation/aggregate.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { listAssignees } from "@/backoffice/assignees.ts";
import { listQuery } from "@/backoffice/conversation_path.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadComposer, type Written } from "@/backoffice/load_composer.ts";
import { loadTimeline, makeDraft, type TimelinePlace } from "@/backoffice/load_conversation.ts";
import { loadInbox } from "@/backoffice/load_inbox.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { undoStatus } from "@/backoffice/undo_status.ts";
import { type ConversationData, conversationPage, type LiveData } from "@views/conversation.ts";
import { notice } from "@views/parts/form.ts";
import type { RefusedContact } from "@views/parts/contact_edit.ts";
import { contactName } from "@views/parts/person.ts";

export type PageContext = Context<SessionEnv>;

/** What a page shows besides the conversation: a text that was not taken, and why. */
export interface Shown extends Written {
  /** The contact's form, when it was not taken. */
  readonly refusedContact?: RefusedContact;
  /** Where the timeline begins that the page shows already. */
  readonly since?: string;
  /** The contact's messages that nobody of the team had looked at before. */
  readonly unread?: number;
  /** What could not be done, above the page. */
  readonly problemAbove?: string;
}

export interface Showing {
  readonly aggregate: Aggregate;
  readonly shown: Shown;
}

export async function showConversation(
  deps: BackofficeDeps,
  c: PageContext,
  { aggregate, shown, status = 200 }: Showing & { status?: 200 | 409 | 422 },
): Promise<Response> {
  const ui = await uiOf(deps, c, aggregate.conversation.accountId);
  const body = conversationPage(ui, await conversationData(deps, c, { aggregate, shown }));
  const title = contactName(aggregate.contact);
  const above = shown.problemAbove === undefined ? await undoStatus(deps, c, ui) : notice("bad", shown.problemAbove);
  return respondPage(deps, c, {
    ui,
    status,
    content: { title, section: "inbox", shape: "app", deep: true, body, status: above },
  });
}

export async function conversationData(
  deps: BackofficeDeps,
  c: PageContext,
  { aggregate, shown: { refusedContact, since, unread, problemAbove: _, ...written } }: Showing,
): Promise<ConversationData> {
  const live = await liveData(deps, c, { aggregate, since, unread });
  const { operator } = c.get("session");
  const { answeredAt } = live.timeline;
  const { query } = live.inbox;
  const composer = await loadComposer(deps.store, aggregate, { ...written, operator, answeredAt, query });
  return { ...live, composer, refusedContact, simulates: deps.simulator !== undefined };
}

/** What goes on changing while the page is open. */
export async function liveData(
  deps: BackofficeDeps,
  c: PageContext,
  { aggregate, ...place }: { readonly aggregate: Aggregate } & TimelinePlace,
): Promise<LiveData> {
  const { conversation, contact } = aggregate;
  const before = c.req.query("before");
  const now = deps.store.now();
  const [timeline, inbox, assignees, account] = await Promise.all([
    loadTimeline(deps.store, aggregate, { ...place, before, query: listQuery(c) }),
    loadInbox(deps, c, { currentId: conversation.id }),
    listAssignees(deps.store),
    deps.store.accounts.get(conversation.accountId),
  ]);
  const { contactFields, disclosure } = resolveSettings(account?.settings ?? {});
  return {
    conversation,
    contact,
    contactFields,
    handler: handlerAt(conversation, now),
    timeline,
    draft: makeDraft(aggregate, now),
    introduces: disclosure.trim() !== "",
    isNewest: before === undefined,
    inbox,
    assignees,
  };
}
