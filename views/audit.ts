import type { AuditEntry } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { keysOf } from "@views/i18n.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { actionWords, fieldWords, valueWords } from "@views/parts/audit_words.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** What was asked for, as it stands in the form; empty fields narrow nothing. Dates as `2026-11-24`. */
export interface AuditFilter {
  /** Words of what was done, before and after. */
  readonly q: string;
  readonly object: string;
  readonly actor: string;
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

export interface AuditData {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly filter: AuditFilter;
  readonly nextQuery?: string;
  readonly exportQuery: string;
}

const actionKey = "audit.action.";

export function auditPage(ui: Ui, data: AuditData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("audit.title")}</h1>
      ${adminTabs(ui, "audit")}
      ${filterForm(ui, data.filter)}
      ${data.entries.length === 0
        ? html`<p class="card empty">${t("audit.empty")}</p>`
        : html`<div class="card flush">${table(ui, data.entries)}</div>`}
      ${data.nextQuery === undefined
        ? undefined
        : html`<p class="pager"><a href=${`/admin/audit${data.nextQuery}`}>${t("audit.more")}</a></p>`}
      <p class="muted">${t("audit.export")}: <a href=${`/admin/audit/export.csv${data.exportQuery}`}>CSV</a> · <a
        href=${`/admin/audit/export.ndjson${data.exportQuery}`}>NDJSON</a>. ${t("audit.kept")}</p>
    </div>
  `;
}

function filterForm(ui: Ui, filter: AuditFilter): VNode {
  const { t } = ui;
  const isNarrowed = Object.values(filter).some((value) => value !== "");
  return html`
    <form class="filter" role="search" action="/admin/audit" method="get">
      <label>${t("audit.search")} <input ...${pressedBy(ui, "search")} name="q" type="search" value=${filter.q}
        autocomplete="off" /></label>
      <label>${t("audit.who")} <input name="actor" type="search" value=${filter.actor} autocomplete="off" /></label>
      <label>${t("audit.what")} ${actionSelect(ui, filter.action)}</label>
      <label>${t("audit.object")} <input name="object" type="search" value=${filter
        .object} autocomplete="off" /></label>
      <label>${t("audit.from")} <input name="from" type="date" value=${filter.from} /></label>
      <label>${t("audit.to")} <input name="to" type="date" value=${filter.to} /></label>
      <button class="button">${t("audit.filter")}</button>
      ${isNarrowed ? html`<a class="button quiet" href="/admin/audit">${t("audit.all")}</a>` : undefined}
    </form>
  `;
}

function actionSelect(ui: Ui, chosen: string): VNode {
  const actions = keysOf(actionKey).map((key) => key.slice(actionKey.length));
  return html`
    <select name="action">
      <option value="">${ui.t("audit.anything")}</option>
      ${actions.map((action) =>
        html`<option value=${action} selected=${action === chosen}>${actionWords(ui, action)}</option>`
      )}
    </select>
  `;
}

function table(ui: Ui, entries: readonly AuditEntry[]): VNode {
  const { t } = ui;
  return html`
    <table class="cards">
      <caption class="hidden">${t("audit.title")}</caption>
      <thead>
        <tr>
          <th scope="col" class="nowrap">${t("audit.when")}</th>
          <th scope="col">${t("audit.who")}</th>
          <th scope="col">${t(
            "audit.what",
          )}</th>
          <th scope="col">${t("audit.object")}</th>
          <th scope="col">${t("audit.changes")}</th>
        </tr>
      </thead>
      <tbody>${entries.map((entry) => line(ui, entry))}</tbody>
    </table>
  `;
}

function line(ui: Ui, entry: AuditEntry): VNode {
  const { at, actor, action, object, changes } = entry;
  return html`
    <tr>
      <td class="nowrap">${time(ui, at, briefTime(ui, at))}</td>
      <th scope="row" class="nowrap">${visible(actor)}</th>
      <td>${actionWords(ui, action)}</td>
      <td><a data-step href=${`/admin/audit?object=${encodeURIComponent(object)}`}><bdi>${visible(
        object,
      )}</bdi></a></td>
      <td>${Object.keys(changes).map((name) => changeLine(ui, entry, name))}</td>
    </tr>
  `;
}

function changeLine(ui: Ui, entry: AuditEntry, name: string): Child {
  const { before, after } = entry.changes[name] ?? {};
  if (before === undefined && after === undefined) return undefined;
  const field = fieldWords(ui, entry, name);
  if (before === "changed" && after === "changed") {
    return html`<div class="change">${field}: ${ui.t("audit.secret")}</div>`;
  }
  const label = (key: "audit.before" | "audit.after"): VNode => html`<span class="hidden">${ui.t(key)} </span>`;
  const [was, is] = [before, after].map((value) => value === undefined ? undefined : valueWords(ui, name, value));
  return html`
    <div class="change">${field}:${" "}
      ${was === undefined ? undefined : html`<del>${label("audit.before")}${was}</del>`}${" "}
      ${is === undefined ? undefined : html`<ins>${label("audit.after")}${is}</ins>`}</div>
  `;
}
