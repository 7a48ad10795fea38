import { html, type VNode } from "@views/html.ts";
import { conversationRow, type RowData } from "@views/parts/conversation_row.ts";
import { type Count, countText } from "@views/parts/count.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { type FirstStep, firstSteps } from "@views/parts/first_steps.ts";
import { csrfField, notice } from "@views/parts/form.ts";
import { inboxFilters, type SavedViewLink } from "@views/parts/inbox_filters.ts";
import { type InboxTab, inboxTabs, type InboxView, isNarrowed, viewQuery } from "@views/parts/inbox_view.ts";
import { briefTime, time } from "@views/parts/time.ts";
import { icon } from "@views/parts/icon.ts";
import type { Ui } from "@views/ui.ts";

export interface InboxData {
  readonly view: InboxView;
  readonly counts: Readonly<Record<InboxTab, Count>>;
  readonly rows: readonly RowData[];
  readonly total: Count;
  /** Number of the first row among all that the view has, from 1. */
  readonly from: number;
  /** Query of the next page; absent on the last. */
  readonly nextQuery?: string;
  /** Query of this view, to keep it while a conversation is read; starts with `?`. */
  readonly query: string;
  readonly currentId?: string;
  /** Tags that contacts have. */
  readonly tags: readonly string[];
  /** Whom else conversations can be assigned to. */
  readonly assignees: readonly string[];
  /** Views that the operator keeps, by name. */
  readonly saved: readonly SavedViewLink[];
  /** When the newest message of all came; absent unless the list is empty. */
  readonly lastAt?: Date;
  /** Of a Moca that nobody has written to; otherwise empty. */
  readonly steps: readonly FirstStep[];
  readonly sandbox: boolean;
  /** What a bulk action led to. */
  readonly bulk?: { readonly done: number; readonly refused: number };
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
        ${hiddenFields(data.view)}
        ${icon("search")}
        <input type="search" name="q" ...${pressedBy(ui, "search")} value=${data.view.q} aria-label=${t(
          "inbox.search",
        )} placeholder=${t(
          "inbox.search.go",
        )} autocomplete="off" hx-get=${resultsPath(
          data,
        )} hx-include="closest form" hx-trigger="input changed delay:250ms"
          hx-target="#inbox-results" hx-swap="innerMorph" hx-sync="this:replace" />
        <button class="button quiet">${t("inbox.search.go")}</button>
      </form>
      <div id="inbox-results" class="results">${inboxResults(ui, data)}</div>
    </section>
  `;
}

/** What a search is answered with, while it is typed as well: all but the field that it is typed into. */
export function inboxResults(ui: Ui, data: InboxData): VNode {
  const { t } = ui;
  const isMain = data.currentId === undefined;
  return html`
    <nav id="inbox-tabs" data-q=${data.view.q} class="tabs" aria-label=${t("inbox.tabs")}>${inboxTabLinks(
      ui,
      data,
    )}</nav>
    ${inboxFilters(ui, data)}
    ${data.bulk === undefined ? undefined : notice("info", t("inbox.bulk.outcome", data.bulk))}
    <p
      class="newer-bar top"><a id="inbox-newer" class="button primary" href=${`/admin/inbox${data.query}`} hidden data-label=${t(
        "inbox.newer",
      )}></a></p>
    <div id="inbox-list" class="scroll" data-live="" hx-get=${`/admin/inbox/list${
      listQuery(data)
    }`} hx-trigger="live" hx-sync="this:queue last"
      hx-swap="innerMorph">
      ${inboxList(ui, data)}
    </div>
    ${isMain && ui.role !== "viewer" ? bulkForm(ui, data) : undefined}
  `;
}

/** The same for a search that goes on being typed, with how much was found for those who do not see it. */
export function typedResults(ui: Ui, data: InboxData): readonly VNode[] {
  const found = ui.t("inbox.found", { count: data.total.count, total: countText(ui, data.total) });
  return [inboxResults(ui, data), html`<hx-partial hx-target="#announcer" hx-swap="textContent">${found}</hx-partial>`];
}

function listQuery({ query, currentId }: InboxData): string {
  if (currentId === undefined) return query;
  return `${query}${query === "" ? "?" : "&"}current=${encodeURIComponent(currentId)}`;
}

function resultsPath({ currentId }: InboxData): string {
  return `/admin/inbox/results${currentId === undefined ? "" : `?${new URLSearchParams({ current: currentId })}`}`;
}

/** What a search keeps of the view. */
function hiddenFields(view: InboxView): readonly VNode[] {
  const kept = new URLSearchParams(viewQuery({ ...view, q: "" }));
  return [...kept].map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`);
}

function tabLink(ui: Ui, { view, counts }: InboxData, tab: InboxTab): VNode {
  return html`
    <a href=${`/admin/inbox${viewQuery({ ...view, tab })}`} aria-current=${tab === view.tab ? "page" : undefined}>
      ${ui.t(`inbox.tab.${tab}`)}
      ${counts[tab].count === 0 ? undefined : html`
        <span class="muted">${countText(ui, counts[tab])}</span>
      `}
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
  const { t, locale } = ui;
  const number = new Intl.NumberFormat(locale);
  const last = number.format(data.from + data.rows.length - 1);
  return html`
    <div>
      <ul class="rows">${data.rows.map((row) => conversationRow(ui, row, data))}</ul>
      <p class="pager">
        <span class="muted">${t("inbox.total", {
          first: number.format(data.from),
          last,
          total: countText(ui, data.total),
        })}</span>
        ${data.from > 1 ? html`<a href=${`/admin/inbox${viewQuery(data.view)}`}>${t("inbox.first")}</a>` : undefined}
        ${data.nextQuery === undefined
          ? undefined
          : html`<a href=${`/admin/inbox${data.nextQuery}`}>${t("inbox.more")}</a>`}
      </p>
    </div>
  `;
}

function emptyList(ui: Ui, data: InboxData): VNode {
  const { t } = ui;
  const { view, lastAt } = data;
  if (data.counts.all.count === 0) return beginning(ui, data);
  if (isNarrowed(view)) {
    const everywhere = viewQuery({ tab: "all", q: "", flags: [], sort: "attention" });
    return html`
      <div class="empty">
        <p>${view.q === "" ? t("inbox.empty.filter") : t("inbox.empty.search", { q: view.q })}</p>
        <p><a href=${`/admin/inbox${everywhere}`}>${t("inbox.empty.clear")}</a></p>
      </div>
    `;
  }
  return html`
    <div class="empty">
      ${icon("check")}<p>${t(`inbox.empty.${view.tab}`)}</p>
      ${lastAt === undefined
        ? undefined
        : html`<p class="small">${t("inbox.empty.last")} ${time(ui, lastAt, briefTime(ui, lastAt))}</p>`}
    </div>
  `;
}

/** What may be done to the conversations whose boxes are ticked; shown while there are any. */
function bulkForm(ui: Ui, { query, tags }: InboxData): VNode {
  const { t } = ui;
  return html`
    <form id="bulk" class="bulk" method="post" action="/admin/inbox/bulk" aria-label=${t("inbox.bulk")}>
      ${csrfField(ui)}
      <input type="hidden" name="view" value=${query} />
      <button class="button" name="action" value="done" ...${pressedBy(ui, "done")}>${icon("check")}${t(
        "conversation.done",
      )}</button>
      <button class="button" name="action" value="bot" ...${pressedBy(ui, "handler")}>${icon("bot")}${t(
        "conversation.giveBack",
      )}</button>
      <input name="tag" maxlength="50" list="known-tags" aria-label=${t("inbox.bulk.tag")} placeholder=${t(
        "inbox.bulk.tag",
      )} autocomplete="off" />
      <datalist id="known-tags">${tags.map((tag) => html`<option value=${tag} />`)}</datalist>
      <button class="button" name="action" value="tag">${t("inbox.bulk.addTag")}</button>
    </form>
  `;
}

/** Nobody has ever written: what is still missing for that, and where it can be tried. */
function beginning(ui: Ui, { steps, sandbox }: InboxData): VNode {
  const { t } = ui;
  return html`
    <div>
      <div class="empty">
      ${icon("inbox")}
      <p>${t("inbox.empty.first")}</p>
      ${sandbox
        ? html`<p><a class="button primary" href="/admin/simulator">${t("inbox.empty.simulator")}</a></p>`
        : undefined}
      </div>
      ${firstSteps(ui, steps, { sandbox })}
    </div>
  `;
}
