import { html, type VNode } from "@views/html.ts";
import { languageNames, locales } from "@views/i18n.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { csrfField, notice } from "@views/parts/form.ts";
import { fullDate } from "@views/parts/time.ts";
import { type Theme, themes, type Ui } from "@views/ui.ts";

export interface DisplayData {
  /** As chosen; empty: as this browser, else as the account. */
  readonly zone: string;
  readonly theme: Theme;
  readonly enterSends: boolean;
  /** All that may be chosen. */
  readonly zones: readonly string[];
  readonly outcome?: "saved" | "badZone";
}

/** How the pages look for who looks at them; nobody else's change. */
export function displayPage(ui: Ui, data: DisplayData): VNode {
  const { t } = ui;
  const isBad = data.outcome === "badZone";
  return html`
    <div class="page-body settings">
      <h1>${t("display.title")}</h1>
      ${ui.role === "admin" ? adminTabs(ui, "display") : undefined}
      ${data.outcome === "saved" ? notice("ok", t("display.saved")) : undefined}
      <form class="card stack" method="post" action="/admin/display">
        ${csrfField(ui)}
        <p class="hint">${t("display.lead")}</p>
        <div class="field">
          <label for="lang">${t("frame.language")}</label>
          <select id="lang" name="lang">${locales.map((locale) =>
            html`<option value=${locale} lang=${locale} selected=${locale === ui.locale}>${
              languageNames[locale]
            }</option>`
          )}</select>
        </div>
        <div class="field">
          <label for="zone">${t("display.zone")}</label>
          <input id="zone" name="zone" list="zones" value=${data.zone} placeholder=${t(
            "display.zone.own",
          )} maxlength="60"
            autocomplete="off" aria-invalid=${isBad ? "true" : undefined}
            aria-describedby=${isBad ? "zone-problem zone-hint" : "zone-hint"} />
          <datalist id="zones">${data.zones.map((zone) => html`<option value=${zone} />`)}</datalist>
          ${isBad ? html`<p id="zone-problem" class="problem" role="alert">${t("display.zone.bad")}</p>` : undefined}
          <p id="zone-hint" class="hint">${t("display.zone.now", { now: fullDate(ui, ui.now), zone: ui.timeZone })}</p>
        </div>
        <div class="field">
          <label for="theme">${t("display.theme")}</label>
          <select id="theme" name="theme">${themes.map((theme) =>
            html`<option value=${theme} selected=${theme === data.theme}>${t(`display.theme.${theme}`)}</option>`
          )}</select>
        </div>
        <div>
          <label class="tick"><input type="checkbox" name="enter" value="1" checked=${data.enterSends} /> ${t(
            "display.enter",
          )}</label>
        </div>
        <div class="scripted">
          <label class="tick"><input type="checkbox" data-keys-on checked autocomplete="off" /> ${t("keys.on")}</label>
        </div>
        <p><button class="button primary">${t("display.save")}</button></p>
      </form>
    </div>
  `;
}
