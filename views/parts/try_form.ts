import { accountName } from "@views/parts/account_name.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { pressedBy } from "@views/parts/keys.ts";
import type { Ui } from "@views/ui.ts";

/** What stands in the form. */
export interface TryForm {
  /** One message a line. */
  readonly texts: string;
  /** `YYYY-MM-DDTHH:MM` on the reader's clocks; empty: now. */
  readonly at: string;
  /** A handle, a name or an id; empty: somebody new. */
  readonly contact: string;
  /** What the contact speaks; empty: the contact's or the account's. */
  readonly language: string;
  /** The id of the account that somebody new writes to; empty: the first. */
  readonly account: string;
}

export interface TryAccount {
  readonly id: string;
  readonly username?: string;
}

/** Languages to choose from, as ISO 639-1 calls them. */
export const tryLanguages = ["en", "es", "pt", "fr", "de", "it"] as const;

/** Straight to what comes of it: on a phone that stands below the form. */
const action = "/admin/rules/try#try-result";

const maxLength = 4_000;

/** A text and nothing else, to be tried on an account's rules. */
export function tryBox(ui: Ui, account: string | undefined): VNode {
  const { t } = ui;
  return html`
    <form method="get" action=${action} class="card try-box">
      <label for="try-text">${t("try.texts")}</label>
      <input id="try-text" name="texts" required maxlength=${maxLength} dir="auto" autocomplete="off"
        ...${pressedBy(ui, "search")} />
      ${account === undefined ? undefined : html`<input type="hidden" name="account" value=${account} />`}
      <button class="button primary">${t("try.go")}</button>
    </form>
  `;
}

/** All that a try can be told; begins in its field unless there is something else to read. */
export function tryForm(
  ui: Ui,
  { form, accounts, focus }: {
    readonly form: TryForm;
    readonly accounts: readonly TryAccount[];
    readonly focus?: "here";
  },
): VNode {
  const { t } = ui;
  return html`
    <form method="get" action=${action} class="card stack">
      <label for="try-texts">${t("try.texts")}</label>
      <textarea id="try-texts" name="texts" rows="3" maxlength=${maxLength} required dir="auto"
        aria-describedby="try-texts-hint" ...${pressedBy(ui, "search")} data-focus=${focus}>${form.texts}</textarea>
      <p id="try-texts-hint" class="hint">${t("try.texts.hint")}</p>
      <div class="halves">
        <div>
          <label for="try-at">${t("try.at")}</label>
          <input id="try-at" name="at" type="datetime-local" value=${form.at} aria-describedby="try-at-hint" />
          <p id="try-at-hint" class="hint">${t("try.at.hint", { zone: ui.timeZone })}</p>
        </div>
        <div>
          <label for="try-contact">${t("try.contact")}</label>
          <input id="try-contact" name="contact" value=${form.contact} autocomplete="off"
            aria-describedby="try-contact-hint" />
          <p id="try-contact-hint" class="hint">${t("try.contact.hint")}</p>
        </div>
        ${languageSelect(ui, form.language)}
        ${accountSelect(ui, form.account, accounts)}
      </div>
      <div><button class="button primary">${t("try.go")}</button></div>
    </form>
  `;
}

function languageSelect({ t, locale }: Ui, chosen: string): VNode {
  const names = new Intl.DisplayNames(locale, { type: "language" });
  return html`
    <div>
      <label for="try-language">${t("try.language")}</label>
      <select id="try-language" name="language">
        <option value="">${t("try.language.own")}</option>
        ${tryLanguages.map((language) =>
          html`<option value=${language} selected=${language === chosen}>${names.of(language)}</option>`
        )}
      </select>
    </div>
  `;
}

function accountSelect({ t }: Ui, chosen: string, accounts: readonly TryAccount[]): Child {
  if (accounts.length < 2) return undefined;
  return html`
    <div>
      <label for="try-account">${t("try.account")}</label>
      <select id="try-account" name="account">${accounts.map((account) =>
        html`<option value=${account.id} selected=${account.id === chosen}>${accountName(account)}</option>`
      )}</select>
    </div>
  `;
}
