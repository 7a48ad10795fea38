/** The inbox's URL, read: what is not understood is left out. */
import { assigneeOf } from "@/backoffice/assignees.ts";
import type { ConversationQuery } from "@/store/store.ts";
import {
  type InboxFlag,
  inboxFlags,
  type InboxPlace,
  inboxSorts,
  type InboxTab,
  inboxTabs,
  type InboxView,
} from "@views/parts/inbox_view.ts";

const maxSearchLength = 200;
const closingSoonMs = 6 * 3_600_000;

type Asked = Readonly<Record<string, string | undefined>>;

/** The view that the URL asks for; `defaultTab` when it names none. */
export function readView(asked: Asked, defaultTab: InboxTab): InboxView {
  const { handler, assignee = "", tag = "" } = asked;
  const tab = inboxTabs.find((known) => known === asked.tab) ?? defaultTab;
  return {
    tab,
    q: (asked.q ?? "").trim().slice(0, maxSearchLength),
    ...(tab !== "bot" && (handler === "bot" || handler === "person") ? { handler } : {}),
    flags: inboxFlags.filter((flag) => asked[flag] === "1"),
    ...(assignee === "" ? {} : { assignee: assignee.slice(0, maxSearchLength) }),
    ...(tag === "" ? {} : { tag: tag.slice(0, maxSearchLength) }),
    sort: inboxSorts.find((sort) => sort === asked.sort) ?? "attention",
  };
}

export function readPlace({ cursor, from }: Asked): InboxPlace {
  if (cursor === undefined) return { from: 1 };
  return { cursor, from: /^\d{1,9}$/.test(from ?? "") ? Number(from) : 1 };
}

const ofTab: Readonly<Record<InboxTab, Omit<ConversationQuery, "limit">>> = {
  needed: { needed: true },
  bot: { handler: "bot" },
  waiting: { answered: true },
  closed: { state: "closed" },
  all: {},
};

const ofFlag: Readonly<Record<InboxFlag, Omit<ConversationQuery, "limit">>> = {
  closing: { closingWithinMs: closingSoonMs },
  failed: { failed: true },
  unread: { unread: true },
};

/** What the store is asked for; `operator`: who asks, as `me`. */
export function toQuery(
  { tab, q, handler, flags, assignee, tag, sort }: InboxView,
  operator: string,
): Omit<ConversationQuery, "limit"> {
  return {
    ...ofTab[tab],
    ...(handler === undefined ? {} : { handler }),
    ...Object.assign({}, ...flags.map((flag) => ofFlag[flag])),
    ...(assignee === undefined ? {} : { assignee: assigneeOf(assignee, operator) }),
    ...(tag === undefined ? {} : { tag }),
    ...(q === "" ? {} : { q }),
    sort,
  };
}
