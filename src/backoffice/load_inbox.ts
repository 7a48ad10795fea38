/** Reads a page of the inbox. */
import type { Context } from "hono";
import { handlerAt } from "@/conversation/handler.ts";
import { needsPerson, waitsSince } from "@/conversation/waiting.ts";
import { listAssignees } from "@/backoffice/assignees.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadFirstSteps } from "@/backoffice/first_steps.ts";
import { readPlace, readView, toQuery } from "@/backoffice/inbox_view.ts";
import { markHits } from "@/backoffice/mark_hits.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { Account } from "@/store/records.ts";
import { type ConversationCounts, type ConversationSummary, countLimit, type Store } from "@/store/store.ts";
import type { InboxData } from "@views/inbox.ts";
import type { RowData } from "@views/parts/conversation_row.ts";
import { viewQuery } from "@views/parts/inbox_view.ts";
import type { Count } from "@views/parts/count.ts";

const pageSize = 50;

export async function loadInbox(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  { currentId }: { currentId?: string } = {},
): Promise<InboxData> {
  const { store, config } = deps;
  const asked = c.req.query();
  const { operator } = c.get("session");
  const [counts, tags, assignees, saved] = await Promise.all([
    store.conversations.counts({}),
    store.conversations.tags(),
    listAssignees(store),
    store.savedViews.list(operator),
  ]);
  const view = readView(asked, counts.needed > 0 && !asked.q ? "needed" : "all");
  const place = readPlace(asked);
  const page = await store.conversations.list({ ...toQuery(view, operator), cursor: place.cursor, limit: pageSize });
  const next = { cursor: page.nextCursor, from: place.from + page.items.length };
  return {
    view,
    counts: toCounts(counts),
    rows: page.items.map((item) => toRow(item, view.q, store.now())),
    total: { count: page.total, atLeast: page.atLeast },
    from: place.from,
    nextQuery: page.nextCursor === undefined ? undefined : viewQuery(view, next),
    query: viewQuery(view, place),
    currentId,
    tags,
    assignees: assignees.filter((name) => name !== operator),
    saved: saved.map(({ name, query }) => ({ name, query: `?${query}` })),
    lastAt: page.items.length === 0 ? await lastMessageAt(store) : undefined,
    steps: counts.all === 0 ? await loadFirstSteps(deps, { hasConversation: false, ...await readBasics(store) }) : [],
    sandbox: config.mode === "sandbox",
    bulk: bulkOf(asked),
  };
}

/** What the list says of one conversation; `q` is what was searched for, if anything. */
export function toRow({ conversation, contact, failed, hit }: ConversationSummary, q: string, now: Date): RowData {
  return {
    conversation,
    contact,
    handler: handlerAt(conversation, now),
    waitsSince: needsPerson(conversation, now) ? waitsSince(conversation) : undefined,
    failed,
    hit: q === "" ? [] : markHits(hit ?? conversation.lastMessage?.text ?? "", q),
  };
}

function toCounts({ needed, bot, answered, closed, all }: ConversationCounts): InboxData["counts"] {
  return {
    needed: toCount(needed),
    bot: toCount(bot),
    waiting: toCount(answered),
    closed: toCount(closed),
    all: toCount(all),
  };
}

/** Of a number that stands for more when it is beyond the limit. */
function toCount(counted: number): Count {
  return { count: Math.min(counted, countLimit), atLeast: counted > countLimit };
}

async function readBasics(store: Store): Promise<{ readonly accounts: readonly Account[]; readonly webhookAt?: Date }> {
  const [accounts, [newest]] = await Promise.all([store.accounts.list(), store.envelopes.list({ limit: 1 })]);
  return { accounts, webhookAt: newest?.receivedAt };
}

async function lastMessageAt(store: Store): Promise<Date | undefined> {
  const [newest] = (await store.conversations.list({ limit: 1 })).items;
  return newest?.conversation.lastMessage?.at;
}

/** What the bulk action led to that the page comes from. */
function bulkOf({ done, refused }: Record<string, string>): InboxData["bulk"] {
  return /^\d{1,4}$/.test(done) && /^\d{1,4}$/.test(refused)
    ? { done: Number(done), refused: Number(refused) }
    : undefined;
}
