import type { RuleTrace } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { notice } from "@views/parts/form.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { visible } from "@views/parts/linked_text.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { longDate } from "@views/parts/time.ts";
import { spokenTexts, verdictChip } from "@views/parts/verdict.ts";
import type { Ui } from "@views/ui.ts";

/** What stands in the form. */
export interface TryForm {
  /** One message a line. */
  readonly texts: string;
  /** `YYYY-MM-DDTHH:MM` on the account's clocks; empty: now. */
  readonly at: string;
  /** A handle, a name or an id; empty: somebody new. */
  readonly contact: string;
  /** What the contact speaks; empty: the contact's or the account's. */
  readonly language: string;
}

/** Languages to choose from, as ISO 639-1 calls them. */
export const tryLanguages = ["en", "es", "pt", "fr", "de", "it"] as const;

export type TryProblem = "noText" | "badTime" | "noContact";

export interface TryResult {
  readonly at: Date;
  /** Absent: somebody new. */
  readonly contactName?: string;
  readonly version: string;
  /** In the order in which they are asked. */
  readonly rules: readonly {
    readonly name: string;
    readonly file: string;
    readonly trace: RuleTrace;
    readonly place: "before" | "winner" | "after";
  }[];
  /** Absent: every rule passed. */
  readonly winner?: string;
  readonly verdict: { readonly kind: RuleTrace["verdict"]; readonly texts: readonly string[] };
  readonly quickReplies: readonly string[];
  readonly tags: readonly string[];
  readonly fields: readonly { readonly field: string; readonly value: string }[];
  readonly followUps: readonly { readonly at: Date; readonly text: string }[];
}

export interface TryData {
  readonly form: TryForm;
  readonly problem?: TryProblem;
  readonly result?: TryResult;
}

/** A text, an hour and a contact, and what every rule says to them. */
export function tryPage(ui: Ui, { form, problem, result }: TryData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "try")}
      <p class="muted">${t("try.lead")}</p>
      ${problem === undefined ? undefined : notice("bad", t(`try.problem.${problem}`))}
      ${tryForm(ui, form)}
      ${result === undefined ? undefined : resultOf(ui, result)}
    </div>
  `;
}

function tryForm(ui: Ui, form: TryForm): VNode {
  const { t } = ui;
  const names = new Intl.DisplayNames(ui.locale, { type: "language" });
  return html`
    <form method="get" action="/admin/rules/try" class="card stack">
      <label for="try-texts">${t("try.texts")}</label>
      <textarea id="try-texts" name="texts" rows="3" maxlength="4000" required dir="auto" aria-describedby="try-texts-hint"
        ...${pressedBy(ui, "search")} data-focus>${form.texts}</textarea>
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
        <div>
          <label for="try-language">${t("try.language")}</label>
          <select id="try-language" name="language">
            <option value="">${t("try.language.own")}</option>
            ${tryLanguages.map((language) =>
              html`<option value=${language} selected=${language === form.language}>${names.of(language)}</option>`
            )}
          </select>
        </div>
      </div>
      <div><button class="button primary">${t("try.go")}</button></div>
    </form>
  `;
}

function resultOf(ui: Ui, result: TryResult): VNode {
  const { t } = ui;
  const who = result.contactName === undefined ? t("try.newContact") : visible(result.contactName);
  return html`
    <section class="card" aria-labelledby="try-result">
      <h2 id="try-result">${headline(ui, result)}</h2>
      <p class="muted">${longDate(ui, result.at)} · <bdi>${who}</bdi> · ${t("rules.version")} <code>${result
        .version}</code></p>
      ${spokenTexts(result.verdict.texts)}
      ${result.quickReplies.length === 0 ? undefined : html`
        <ul class="quick-replies">${result.quickReplies.map((title) => html`<li><bdi>${title}</bdi></li>`)}</ul>
      `}
      ${notes(ui, result)}
    </section>
    <div class="card flush">
      <table class="cards tried">
        <caption class="hidden">${t("try.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("rules.position")}</th>
            <th scope="col">${t("rules.name")}</th>
            <th scope="col">${t("try.verdict")}</th>
            <th scope="col">${t("try.why")}</th>
          </tr>
        </thead>
        <tbody>${result.rules.map((rule, index) => line(ui, rule, index + 1))}</tbody>
      </table>
    </div>
  `;
}

function headline({ t }: Ui, { winner, verdict }: TryResult): string {
  if (winner === undefined) return t("try.agent");
  const kind = verdict.kind;
  return t("try.decides", { rule: winner, verdict: t(`verdict.${kind}`) });
}

function notes(ui: Ui, { tags, fields, followUps }: TryResult): Child {
  const { t } = ui;
  const lines = [
    ...tags.map((tag) => t("try.tag", { tag })),
    ...fields.map((one) => t("try.field", one)),
    ...followUps.map(({ at, text }) => t("try.followUp", { at: longDate(ui, at), text })),
  ];
  return lines.length === 0
    ? undefined
    : html`<ul class="muted">${lines.map((one) => html`<li dir="auto">${one}</li>`)}</ul>`;
}

function line(ui: Ui, { name, file, trace, place }: TryResult["rules"][number], position: number): Child {
  return html`
    <tr class=${place}>
      <td class="number">${position}</td>
      <th scope="row">${name} <code class="muted">${file}</code></th>
      <td>${verdictChip(ui, trace.verdict)}</td>
      <td dir="auto">${translateReason(ui.locale, visible(trace.reason))}
        ${place === "after" ? html`<span class="muted"> ${ui.t("try.notAsked")}</span>` : undefined}</td>
    </tr>
  `;
}
