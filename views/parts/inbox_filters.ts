import { type Child, html, type VNode } from "@views/html.ts";
import { csrfField } from "@views/parts/form.ts";
import { icon } from "@views/parts/icon.ts";
import { inboxFlags, inboxSorts, type InboxView, viewQuery } from "@views/parts/inbox_view.ts";
import type { Ui } from "@views/ui.ts";

/** A filter that is on, and the view without it. */
interface Active {
  readonly name: string;
  readonly without: InboxView;
}

/** A view that is kept under a name. */
export interface SavedViewLink {
  readonly name: string;
  /** Of its URL; starts with `?`. */
  readonly query: string;
}

export interface FilterData {
  readonly view: InboxView;
  /** Tags that contacts have. */
  readonly tags: readonly string[];
  /** The operators but for the one who asks. */
  readonly assignees: readonly string[];
  readonly saved: readonly SavedViewLink[];
}

/** What the list is narrowed by: each a link that takes it away, and all there are behind one button. */
export function inboxFilters(ui: Ui, data: FilterData): VNode {
  const { t } = ui;
  const { view, tags, assignees } = data;
  return html`
    <div class="filters">
      <details>
        <summary class="chip">${icon("filter")}${t("inbox.filters")}</summary>
        <div class="stack small">
          ${group(
            t("inbox.filter.handler"),
            (["bot", "person"] as const).map((handler) =>
              choice(t(`inbox.filter.${handler}`), { ...view, handler }, view.handler === handler)
            ),
          )}
          ${group(
            t("inbox.filter.only"),
            inboxFlags.map((flag) =>
              choice(t(`inbox.filter.${flag}`), { ...view, flags: [...view.flags, flag] }, view.flags.includes(flag))
            ),
          )}
          ${group(
            t("inbox.filter.assignee"),
            ["me", "none", ...assignees].map((assignee) =>
              choice(assigneeName(ui, assignee), { ...view, assignee }, view.assignee === assignee)
            ),
          )}
          ${tags.length === 0 ? undefined : group(
            t("inbox.filter.tag"),
            tags.map((tag) => choice(html`<bdi>${tag}</bdi>`, { ...view, tag }, view.tag === tag)),
          )}
          ${group(
            t("inbox.sort"),
            inboxSorts.map((sort) => choice(t(`inbox.sort.${sort}`), { ...view, sort }, view.sort === sort)),
          )}
          ${keepForm(ui, data)}
        </div>
      </details>
      ${data.saved.map((saved) => savedLink(saved, viewQuery(view)))}
      ${activeFilters(ui, view).map(({ name, without }) =>
        html`
          <a class="chip info" href=${`/admin/inbox${viewQuery(without)}`}
            title=${t(
              "inbox.filter.remove",
            )}><bdi>${name}</bdi> <span aria-hidden="true">×</span><span class="hidden"> ${t(
              "inbox.filter.remove",
            )}</span></a>
        `
      )}
    </div>
  `;
}

function assigneeName({ t }: Ui, assignee: string): string {
  if (assignee === "me") return t("assign.me");
  return assignee === "none" ? t("assign.none") : assignee;
}

function savedLink({ name, query }: SavedViewLink, current: string): VNode {
  return html`
    <a class=${`chip ${
      query === current ? "person" : ""
    }`} href=${`/admin/inbox${query}`} aria-current=${query === current ? "true" : undefined}><bdi>${name}</bdi></a>
  `;
}

/** Keeps what is shown under a name, or forgets the name that it has. */
function keepForm(ui: Ui, { view, saved }: FilterData): VNode {
  const { t } = ui;
  const query = viewQuery(view);
  const kept = saved.find((one) => one.query === query);
  return html`
    <form class="inline" method="post" action=${`/admin/inbox/views${kept === undefined ? "" : "/remove"}`}>
      ${csrfField(ui)}
      <input type="hidden" name="view" value=${query} />
      ${kept === undefined
        ? html`
          <input name="name" required maxlength="40" aria-label=${t("inbox.view.name")} placeholder=${t(
            "inbox.view.name",
          )} autocomplete="off" />
          <button class="button">${t("inbox.view.save")}</button>
        `
        : html`
          <input type="hidden" name="name" value=${kept.name} />
          <button class="button">${t("inbox.view.remove", { name: kept.name })}</button>
        `}
    </form>
  `;
}

function group(name: string, choices: readonly VNode[]): VNode {
  return html`<div class="chips"><span class="muted">${name}</span> ${choices}</div>`;
}

function choice(name: Child, view: InboxView, isChosen: boolean): VNode {
  return html`
    <a class=${`chip ${isChosen ? "info" : ""}`} href=${`/admin/inbox${viewQuery(view)}`} aria-current=${isChosen
      ? "true"
      : undefined}>${name}</a>
  `;
}

function activeFilters(ui: Ui, view: InboxView): readonly Active[] {
  const { t } = ui;
  const { q, handler, flags, assignee, tag, sort } = view;
  return [
    ...(q === "" ? [] : [{ name: `“${q}”`, without: { ...view, q: "" } }]),
    ...(handler === undefined
      ? []
      : [{ name: t(`inbox.filter.${handler}`), without: { ...view, handler: undefined } }]),
    ...flags.map((flag) => ({
      name: t(`inbox.filter.${flag}`),
      without: { ...view, flags: flags.filter((other) => other !== flag) },
    })),
    ...(assignee === undefined ? [] : [{
      name: `${t("inbox.filter.assignee")} ${assigneeName(ui, assignee)}`,
      without: { ...view, assignee: undefined },
    }]),
    ...(tag === undefined ? [] : [{ name: tag, without: { ...view, tag: undefined } }]),
    ...(sort === "attention"
      ? []
      : [{ name: t(`inbox.sort.${sort}`), without: { ...view, sort: "attention" as const } }]),
  ];
}
