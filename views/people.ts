import type { Operator, Role, Session } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { actionButton, confirmButton, csrfField, notice } from "@views/parts/form.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface PeopleData {
  readonly operators: readonly Operator[];
  readonly sessions: readonly Session[];
  /** Id of the session that looks at the page. */
  readonly ownSession: string;
  readonly problem?: "badName" | "taken" | "conflict";
  /** Shown this once. */
  readonly newKey?: { readonly name: string; readonly key: string };
}

const roles: readonly Role[] = ["agent", "viewer", "admin"];

export function peoplePage(ui: Ui, data: PeopleData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("people.title")}</h1>
      ${adminTabs(ui, "people")}
      ${data.problem === undefined ? undefined : notice("bad", t(`people.problem.${data.problem}`))}
      ${data.newKey === undefined ? undefined : keyNotice(ui, data.newKey)}
      <section class="card flush" aria-label=${t("people.operators")}>${operatorTable(ui, data)}</section>
      ${addForm(ui)}
      <h2>${t("people.sessions")}</h2>
      <section class="card flush" aria-label=${t("people.sessions")}>${sessionTable(ui, data)}</section>
    </div>
  `;
}

function keyNotice(ui: Ui, { name, key }: { name: string; key: string }): VNode {
  return notice(
    "ok",
    html`
      <div>
        <p>${ui.t("people.newKey", { name })}</p>
        <p><code class="key">${key}</code></p>
      </div>
    `,
  );
}

function roleOptions(ui: Ui, current: Role): Child {
  return roles.map((role) =>
    html`<option value=${role} selected=${role === current}>${ui.t(`people.role.${role}`)}</option>`
  );
}

function operatorTable(ui: Ui, { operators }: PeopleData): VNode {
  const { t } = ui;
  return html`
    <table class="cards">
      <caption class="hidden">${t("people.operators")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("people.name")}</th>
          <th scope="col">${t("people.role")}</th>
          <th scope="col">${t(
            "people.actions",
          )}</th>
        </tr>
      </thead>
      <tbody>
        <tr><th scope="row">admin</th><td>${t("people.role.admin")}</td><td class="muted">${t("people.root")}</td></tr>
        ${operators.map((operator) => operatorRow(ui, operator))}
      </tbody>
    </table>
  `;
}

function operatorRow(ui: Ui, { id, role }: Operator): VNode {
  const { t } = ui;
  const base = `/admin/people/operators/${encodeURIComponent(id)}`;
  return html`
    <tr>
      <th scope="row">${id}</th>
      <td>
        <form method="post" action=${`${base}/role`} class="inline">${csrfField(ui)}
        <select name="role" aria-label=${`${t("people.role")}: ${id}`}>${roleOptions(ui, role)}</select>
        <button class="button" aria-label=${`${t("people.saveRole")}: ${id}`}>${t("people.saveRole")}</button></form>
      </td>
      <td>
        <div class="actions">
        ${actionButton(ui, { action: `${base}/key`, label: t("people.renew"), described: id })}
        ${confirmButton(ui, {
          action: `${base}/remove`,
          label: t("people.remove"),
          question: t("people.remove.question", { name: id }),
          described: id,
        })}
      </div>
      </td>
    </tr>
  `;
}

function addForm(ui: Ui): VNode {
  const { t } = ui;
  return html`
    <form method="post" action="/admin/people" class="card stack">
      ${csrfField(ui)}
      <h2>${t("people.add")}</h2>
      <div class="pair">
        <label>${t("people.name")}<input name="name" required maxlength="30" autocomplete="off" autocapitalize="none"
          aria-describedby="name-hint" /></label>
        <label>${t("people.role")}<select name="role">${roleOptions(ui, "agent")}</select></label>
      </div>
      <p id="name-hint" class="hint">${t("people.hint")}</p>
      <div><button class="button primary">${t("people.addButton")}</button></div>
    </form>
  `;
}

function sessionTable(ui: Ui, { sessions, ownSession }: PeopleData): VNode {
  const { t } = ui;
  const row = ({ id, operator, device, createdAt, seenAt }: Session): VNode =>
    html`
      <tr>
        <th scope="row">${operator}</th>
        <td>${device ?? html`<span class="muted">${t("people.deviceUnknown")}</span>`}</td>
        <td data-label=${t("people.since")}>${time(ui, createdAt, briefTime(ui, createdAt))}</td>
        <td data-label=${t("people.seen")}>${time(ui, seenAt, briefTime(ui, seenAt))}</td>
        <td>${id === ownSession ? t("people.thisSession") : actionButton(ui, {
          action: `/admin/people/sessions/${id}/revoke`,
          label: t("people.revoke"),
          described: [operator, device].filter((part) => part !== undefined).join(", "),
        })}</td>
      </tr>
    `;
  return html`
    <table class="cards">
      <caption class="hidden">${t("people.sessions")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("people.name")}</th>
          <th scope="col">${t("people.device")}</th>
          <th scope="col">${t("people.since")}</th>
          <th scope="col">${t(
            "people.seen",
          )}</th>
          <th scope="col">${t("people.actions")}</th>
        </tr>
      </thead>
      <tbody>${sessions.map(row)}</tbody>
    </table>
  `;
}
