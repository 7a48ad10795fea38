import { html, type VNode } from "@views/html.ts";
import { conversationRow, type RowData } from "@views/parts/conversation_row.ts";
import { type Count, countText } from "@views/parts/count.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { icon } from "@views/parts/icon.ts";
import type { Ui } from "@views/ui.ts";

export const inboxTabs = ["needed", "bot", "closed", "all"] as const;
export type InboxTab = typeof inboxTabs[number];

export interface InboxData {
  readonly tab: InboxTab;
  readonly counts: Readonly<Record<InboxTab, Count>>;
  readonly q: string;
  readonly rows: readonly RowData[];
  readonly total: Count;
  /** Query of the next page; absent on the last. */
  readonly nextQuery?: string;
  /** True when this is not the first page. */
  readonly isLater: boolean;
  /** Query of this view, to keep it while a conversation is read; starts with `?`, or is empty. */
  readonly query: string;
  readonly currentId?: string;
  readonly sandbox: boolean;
}

/** The list alone fills the window on phones; beside it, a place for the conversation. */
export function inboxPage(ui: Ui, data: InboxData): VNode {
  return html`
    <div class="panes">
      ${inboxPane(ui, data)}
      <section class="empty wide" aria-label=${ui.t("inbox.none.label")}>
        ${icon("inbox")}<p>${ui.t("inbox.choose")}</p>
      </section>
    </div>
  `;
}

/** Tabs, search and the list that keeps itself up to date. */
export function inboxPane(ui: Ui, data: InboxData): VNode {
  const { t } = ui;
  const isMain = data.currentId === undefined;
  return html`
    <section class=${`list-pane ${isMain ? "" : "wide"}`} aria-labelledby="inbox-title">
      ${isMain ? html`<h1 id="inbox-title">${t("nav.inbox")}</h1>` : html`<h2 id="inbox-title">${t("nav.inbox")}</h2>`}
      <form class="search" role="search" action="/admin/inbox" method="get">
        <input type="hidden" name="tab" value=${data.tab} />
        ${icon("search")}
        <input type="search" name="q" ...${pressedBy(ui, "search")} value=${data.q} aria-label=${t(
          "inbox.search",
        )} placeholder=${t(
          "inbox.search.go",
        )} autocomplete="off" />
        <button class="button quiet">${t("inbox.search.go")}</button>
      </form>
      <nav id="inbox-tabs" class="tabs" aria-label=${t("inbox.tabs")}>${inboxTabLinks(ui, data)}</nav>
      <p class="newer-bar top"><a id="inbox-newer" class="button primary" href=${`/admin/inbox${data.query}`} hidden data-label=${t(
        "inbox.newer",
      )}></a></p>
      <div id="inbox-list" class="scroll" data-live="" hx-get=${`/admin/inbox/list${
        listQuery(data)
      }`} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">
        ${inboxList(ui, data)}
      </div>
    </section>
  `;
}

function listQuery({ query, currentId }: InboxData): string {
  if (currentId === undefined) return query;
  return `${query}${query === "" ? "?" : "&"}current=${encodeURIComponent(currentId)}`;
}

function tabLink(ui: Ui, data: InboxData, tab: InboxTab): VNode {
  const search = new URLSearchParams({ tab, ...(data.q === "" ? {} : { q: data.q }) });
  return html`
    <a href=${`/admin/inbox?${search}`} aria-current=${tab === data.tab ? "page" : undefined}>
      ${ui.t(`inbox.tab.${tab}`)} <span class="muted">${countText(ui, data.counts[tab])}</span>
    </a>
  `;
}

function inboxTabLinks(ui: Ui, data: InboxData): VNode[] {
  return inboxTabs.map((tab) => tabLink(ui, data, tab));
}

/** What changes by itself: the list, and the counts above it. */
export function inboxLiveParts(ui: Ui, data: InboxData): readonly VNode[] {
  return [
    inboxList(ui, data),
    html`<hx-partial hx-target="#inbox-tabs" hx-swap="innerMorph">${inboxTabLinks(ui, data)}</hx-partial>`,
  ];
}

function inboxList(ui: Ui, data: InboxData): VNode {
  if (data.rows.length === 0) return emptyList(ui, data);
  return html`
    <div>
      <ul class="rows">${data.rows.map((row) => conversationRow(ui, row, data))}</ul>
      <p class="pager">
        <span class="muted">${ui.t("inbox.total", { shown: data.rows.length, total: countText(ui, data.total) })}</span>
        ${data.isLater ? html`<a href="/admin/inbox">${ui.t("inbox.first")}</a>` : undefined}
        ${data.nextQuery === undefined
          ? undefined
          : html`<a href=${`/admin/inbox${data.nextQuery}`}>${ui.t("inbox.more")}</a>`}
      </p>
    </div>
  `;
}

function emptyList(ui: Ui, data: InboxData): VNode {
  const { t } = ui;
  if (data.q !== "") {
    return html`
      <div class="empty">
        <p>${t("inbox.empty.search", { q: data.q })}</p>
        <p><a href="/admin/inbox?tab=all">${t("inbox.empty.clear")}</a></p>
      </div>
    `;
  }
  if (data.counts.all.count === 0) return firstSteps(ui, data);
  return html`<div class="empty">${icon("check")}<p>${t(`inbox.empty.${data.tab}`)}</p></div>`;
}

function firstSteps(ui: Ui, { sandbox }: InboxData): VNode {
  const { t } = ui;
  return html`
    <div class="empty">
      ${icon("inbox")}
      <p>${t("inbox.empty.first")}</p>
      <p>${sandbox
        ? html`<a class="button primary" href="/admin/simulator">${t("inbox.empty.simulator")}</a>`
        : html`<a class="button primary" href="/admin/dashboard">${t("inbox.empty.dashboard")}</a>`}</p>
    </div>
  `;
}
