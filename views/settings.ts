import { accountName } from "@views/parts/account_name.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { findingList, type FindingShown } from "@views/doctor.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { csrfField, notice } from "@views/parts/form.ts";
import { settingControl } from "@views/parts/setting_control.ts";
import { conflictNotice, type SettingsConflict } from "@views/parts/settings_conflict.ts";
import { briefTime, clockTime, time } from "@views/parts/time.ts";
import { type SettingName, settingsFields, settingsSections } from "@views/settings_fields.ts";
import type { Ui } from "@views/ui.ts";

export interface SettingsData {
  readonly account: {
    readonly id: string;
    readonly username?: string;
    readonly ver: number;
    readonly isPaused: boolean;
    readonly token?: { readonly ending: string; readonly expiresAt?: Date; readonly nextRefreshAt: Date };
  };
  readonly accounts: readonly { readonly id: string; readonly username?: string }[];
  /** What stands in each control, as text. */
  readonly values: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, string>>;
  /** Settings whose value was refused. */
  readonly errors: readonly SettingName[];
  readonly outcome?: SettingsOutcome;
  /** When it was done; absent of what was not. */
  readonly doneAt?: Date;
  /** What was typed while somebody else saved; the form still holds it. */
  readonly conflict?: SettingsConflict;
  /** What a test of the connection found; absent when there was none. */
  readonly findings?: readonly FindingShown[];
}

export type SettingsOutcome =
  | "saved"
  | "tokenSaved"
  | "resumed"
  | "tokenInvalid"
  | "tokenRefused"
  | "tokenOfOther"
  | "tokenUnknown"
  | "conflict";

export function settingsPage(ui: Ui, data: SettingsData): VNode {
  const { t } = ui;
  const action = `/admin/settings/${encodeURIComponent(data.account.id)}`;
  return html`
    <div class="page-body settings">
      <h1>${t("nav.settings")}</h1>
      ${adminTabs(ui, "settings")}
      <p class="muted">${accountName(data.account)} · <a
        href=${`/admin/audit?object=${encodeURIComponent(data.account.id)}`}>${t("audit.history")}</a></p>
      ${data.accounts.length > 1 ? accountLinks(ui, data) : undefined}
      ${outcomeNotice(ui, data.outcome, data.doneAt)}
      ${data.conflict &&
        conflictNotice(ui, data.conflict, `/admin/settings?${new URLSearchParams({ account: data.account.id })}`)}
      ${data.account.isPaused ? resumeForm(ui, action) : undefined}
      ${data.errors.length === 0 ? undefined : errorSummary(ui, data)}
      <nav class="tabs sections" aria-label=${t("settings.sections")}>
        ${settingsSections.map((section) => html`<a href=${`#${section}`}>${t(`settings.section.${section}`)}</a>`)}
        <a href="#instagram">${t("settings.section.instagram")}</a>
      </nav>
      <form method="post" action=${action} class="stack" novalidate data-guard=${data.conflict === undefined &&
          data.errors.length === 0
        ? ""
        : "changed"}>
        ${csrfField(ui)}
        <input type="hidden" name="ver" value=${data.account.ver} />
        ${settingsSections.map((section) =>
          html`
            <fieldset id=${section} class="card">
              <legend>${t(`settings.section.${section}`)}</legend>
              ${settingsFields.filter((field) => field.section === section).map((field) =>
                settingControl(ui, data, field)
              )}
              ${section === "voice" ? documentsLink(ui, data) : undefined}
              ${section === "data" ? html`<p class="hint">${t("settings.data.hint")}</p>` : undefined}
            </fieldset>
          `
        )}
        <div class="save-bar"><button class="button primary">${t("settings.save")}</button><span class="hint">${t(
          "settings.effect",
        )}</span></div>
      </form>
      ${tokenForm(ui, data, action)}
      ${connectForm(ui)}
    </div>
  `;
}

function documentsLink(ui: Ui, { account }: SettingsData): VNode {
  const href = `/admin/knowledge?account=${encodeURIComponent(account.id)}`;
  return html`<p><a class="button" href=${href}>${ui.t("knowledge.open")}</a></p>`;
}

function accountLinks(ui: Ui, data: SettingsData): Child {
  return html`<nav class="tabs" aria-label=${ui.t("settings.accounts")}>${
    data.accounts.map((account) =>
      html`<a href=${`/admin/settings?account=${encodeURIComponent(account.id)}`} aria-current=${
        account.id === data.account.id ? "page" : undefined
      }>${accountName(account)}</a>`
    )
  }</nav>`;
}

function outcomeNotice(ui: Ui, outcome: SettingsOutcome | undefined, doneAt?: Date): Child {
  if (outcome === undefined) return undefined;
  const at = doneAt === undefined ? "" : clockTime(ui, doneAt);
  return notice(doneAt === undefined ? "bad" : "ok", ui.t(`settings.outcome.${outcome}`, { at }));
}

/** For pauses that a new token does not end: a permission, a switch, a restriction. */
function resumeForm(ui: Ui, action: string): Child {
  return html`
    <form method="post" action=${`${action}/resume`} class="card stack">
      ${csrfField(ui)}
      <p>${ui.t("settings.paused")}</p>
      <div><button class="button">${ui.t("settings.resume")}</button></div>
    </form>
  `;
}

function errorSummary(ui: Ui, data: SettingsData): Child {
  const { t } = ui;
  const links = data.errors.map((name) => html`<li><a href=${`#${name}`}>${t(`setting.${name}`)}</a></li>`);
  return notice(
    "bad",
    html`
      <div>
        <p>${t("settings.errors", { count: data.errors.length })}</p>
        <ul>${links}</ul>
      </div>
    `,
  );
}

function tokenForm(ui: Ui, { account, outcome, findings }: SettingsData, action: string): VNode {
  const { t } = ui;
  const { token } = account;
  const isBad = outcome?.startsWith("token") && outcome !== "tokenSaved";
  return html`
    <form id="instagram" method="post" action=${`${action}/token#instagram`} class="card stack">
      ${csrfField(ui)}
      <h2>${t("settings.section.instagram")}</h2>
      <p>${token === undefined ? t("token.none") : t("token.saved", { ending: token.ending })}${" "}
        ${token?.expiresAt === undefined ? undefined : html`
          · ${t("token.expires")} ${time(ui, token.expiresAt, briefTime(ui, token.expiresAt))}
        `}
        ${token === undefined ? undefined : html`
          ${" "}· ${t("token.refresh")} ${time(ui, token.nextRefreshAt, briefTime(ui, token.nextRefreshAt))}
        `}</p>
      <label for="token">${t("token.label")}</label>
      <input id="token" name="token" type="password" autocomplete="off" required aria-describedby="token-hint" aria-invalid=${isBad
        ? "true"
        : undefined} />
      <p id="token-hint" class="hint">${t("token.hint")}</p>
      <div class="actions">
        <button class="button">${t("token.save")}</button>
        <button class="button" formaction=${`${action}/test#instagram`} formnovalidate aria-describedby="test-hint">${t(
          "token.test",
        )}</button>
      </div>
      <p id="test-hint" class="hint">${t("token.testHint")}</p>
      ${findings === undefined ? undefined : findingList(ui, findings)}
    </form>
  `;
}

/** Another account, by its token alone. */
function connectForm(ui: Ui): VNode {
  const { t } = ui;
  return html`
    <form id="connect" method="post" action="/admin/settings" class="card stack">
      ${csrfField(ui)}
      <h2>${t("connect.title")}</h2>
      <label for="connect-token">${t("connect.label")}</label>
      <input id="connect-token" name="token" type="password" autocomplete="off" required aria-describedby="connect-hint" />
      <p id="connect-hint" class="hint">${t("connect.hint")}</p>
      <div><button class="button">${t("connect.save")}</button></div>
    </form>
  `;
}

/** There is no account yet: what to do about it. */
export function noAccountPage(ui: Ui, outcome?: SettingsOutcome): VNode {
  return html`
    <div class="page-body">
      <h1>${ui.t("nav.settings")}</h1>
      ${outcomeNotice(ui, outcome)}
      <p class="card">${ui.t("settings.noAccount")}</p>
      ${connectForm(ui)}
    </div>
  `;
}
