/** Reads a page of the inbox. */
import type { Context } from "hono";
import { handlerAt } from "@/conversation/handler.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { type ConversationPage, type ConversationQuery, countLimit } from "@/store/store.ts";
import { type InboxData, type InboxTab, inboxTabs } from "@views/inbox.ts";
import type { Count } from "@views/parts/count.ts";

const pageSize = 50;
const maxSearchLength = 200;

const filters: Readonly<Record<InboxTab, Omit<ConversationQuery, "limit">>> = {
  needed: { needed: true },
  bot: { handler: "bot" },
  closed: { state: "closed" },
  all: {},
};

export async function loadInbox(
  { store, config }: BackofficeDeps,
  c: Context,
  { currentId }: { currentId?: string } = {},
): Promise<InboxData> {
  const q = (c.req.query("q") ?? "").trim().slice(0, maxSearchLength);
  const cursor = c.req.query("cursor");
  const [counts, botPage] = await Promise.all([
    store.conversations.counts({}),
    store.conversations.list({ ...filters.bot, limit: 1 }),
  ]);
  const tab = tabOf(c.req.query("tab")) ?? (counts.needed > 0 && q === "" ? "needed" : "all");
  const page = await store.conversations.list({ ...filters[tab], ...(q === "" ? {} : { q }), cursor, limit: pageSize });
  const now = store.now();
  return {
    tab,
    counts: {
      needed: toCount(counts.needed),
      bot: totalOf(botPage),
      closed: toCount(counts.closed),
      all: toCount(counts.all),
    },
    q,
    rows: page.items.map((item) => ({ ...item, handler: handlerAt(item.conversation, now) })),
    total: totalOf(page),
    nextQuery: page.nextCursor === undefined ? undefined : queryOf({ tab, q, cursor: page.nextCursor }),
    isLater: cursor !== undefined,
    query: queryOf({ tab, q, cursor }),
    currentId,
    sandbox: config.mode === "sandbox",
  };
}

function totalOf({ total, atLeast }: ConversationPage): Count {
  return { count: total, atLeast };
}

/** Of a number that stands for more when it is beyond the limit. */
function toCount(counted: number): Count {
  return { count: Math.min(counted, countLimit), atLeast: counted > countLimit };
}

function tabOf(text: string | undefined): InboxTab | undefined {
  return inboxTabs.find((tab) => tab === text);
}

function queryOf({ tab, q, cursor }: { tab: InboxTab; q: string; cursor?: string }): string {
  const search = new URLSearchParams({ tab });
  if (q !== "") search.set("q", q);
  if (cursor !== undefined) search.set("cursor", cursor);
  return `?${search}`;
}
