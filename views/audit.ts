import type { AuditEntry } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { hasMessage } from "@views/i18n.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface AuditData {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** What was asked for; empty: everything. */
  readonly object: string;
  readonly nextQuery?: string;
  readonly exportQuery: string;
}

export function auditPage(ui: Ui, data: AuditData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("audit.title")}</h1>
      ${adminTabs(ui, "audit")}
      <form class="filter" role="search" action="/admin/audit" method="get">
        <label for="object">${t("audit.object")}</label>
        <input ...${pressedBy(ui, "search")} id="object" name="object" type="search" value=${data
          .object} autocomplete="off" />
        <button class="button">${t("audit.filter")}</button>
        <a class="button quiet" href=${`/admin/audit/export.csv${data.exportQuery}`}>${t("audit.export")}</a>
      </form>
      ${data.entries.length === 0
        ? html`<p class="card empty">${t("audit.empty")}</p>`
        : html`<div class="card flush">${table(ui, data.entries)}</div>`}
      ${data.nextQuery === undefined
        ? undefined
        : html`<p class="pager"><a href=${`/admin/audit${data.nextQuery}`}>${t("audit.more")}</a></p>`}
    </div>
  `;
}

function table(ui: Ui, entries: readonly AuditEntry[]): VNode {
  const { t } = ui;
  return html`
    <table class="cards">
      <caption class="hidden">${t("audit.title")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("audit.when")}</th>
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

function line(ui: Ui, { at, actor, action, object, changes }: AuditEntry): VNode {
  return html`
    <tr>
      <td class="nowrap">${time(ui, at, briefTime(ui, at))}</td>
      <th scope="row">${visible(actor)}</th>
      <td>${actionWords(ui, action)}</td>
      <td><a href=${`/admin/audit?object=${encodeURIComponent(object)}`}><bdi>${visible(object)}</bdi></a></td>
      <td>${Object.entries(changes).map(([name, change]) => changeLine(ui, name, change))}</td>
    </tr>
  `;
}

/** What was done, in words; an action that no longer has any, by its name. */
function actionWords({ t }: Ui, action: string): Child {
  const key = `audit.action.${action}`;
  return hasMessage(key) ? t(key) : html`<code>${action}</code>`;
}

function changeLine(ui: Ui, name: string, { before, after }: AuditEntry["changes"][string]): Child {
  const label = (key: "audit.before" | "audit.after"): VNode => html`<span class="hidden">${ui.t(key)} </span>`;
  return html`
    <div class="change"><bdi>${visible(name)}</bdi>:${" "}
      ${before === undefined ? undefined : html`<del>${label("audit.before")}${inWords(before)}</del>`}${" "}
      ${after === undefined ? undefined : html`<ins>${label("audit.after")}${inWords(after)}</ins>`}</div>
  `;
}

function inWords(value: unknown): string {
  return visible(typeof value === "string" ? value : JSON.stringify(value));
}
