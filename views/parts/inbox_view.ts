/** What the inbox shows, as its URL says. */
export const inboxTabs = ["needed", "bot", "waiting", "closed", "all"] as const;
export type InboxTab = typeof inboxTabs[number];

export const inboxSorts = ["attention", "newest", "window"] as const;
export type InboxSort = typeof inboxSorts[number];

/** Filters that are on or off. */
export const inboxFlags = ["closing", "failed", "unread"] as const;
export type InboxFlag = typeof inboxFlags[number];

export interface InboxView {
  readonly tab: InboxTab;
  /** Words that are searched for; empty: none. */
  readonly q: string;
  readonly handler?: "bot" | "person";
  readonly flags: readonly InboxFlag[];
  /** An operator, `me` or `none`. */
  readonly assignee?: string;
  readonly tag?: string;
  readonly sort: InboxSort;
}

/** Where a page begins: behind the cursor, and as the how manieth conversation, from 1. */
export interface InboxPlace {
  readonly cursor?: string;
  readonly from: number;
}

const firstPage: InboxPlace = { from: 1 };

/** The view as the query of a URL, `?` included. */
export function viewQuery(
  { tab, q, handler, flags, assignee, tag, sort }: InboxView,
  { cursor, from } = firstPage,
): string {
  const search = new URLSearchParams({ tab });
  if (q !== "") search.set("q", q);
  if (handler !== undefined) search.set("handler", handler);
  for (const flag of flags) search.set(flag, "1");
  if (assignee !== undefined) search.set("assignee", assignee);
  if (tag !== undefined) search.set("tag", tag);
  if (sort !== "attention") search.set("sort", sort);
  if (cursor !== undefined) {
    search.set("cursor", cursor);
    search.set("from", String(from));
  }
  return `?${search}`;
}

/** Whether it shows less than its tab. */
export function isNarrowed({ q, handler, flags, assignee, tag }: InboxView): boolean {
  return q !== "" || flags.length > 0 || [handler, assignee, tag].some((value) => value !== undefined);
}
