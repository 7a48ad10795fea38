import type { RuleTrace } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { notice } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { longDate } from "@views/parts/time.ts";
import { type TryAccount, type TryForm, tryForm } from "@views/parts/try_form.ts";
import { spokenTexts, verdictChip } from "@views/parts/verdict.ts";
import type { Ui } from "@views/ui.ts";

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
  readonly accounts: readonly TryAccount[];
  readonly problem?: TryProblem;
  readonly result?: TryResult;
}

/** A text, an hour and a contact, and what every rule says to them. */
export function tryPage(ui: Ui, { form, accounts, problem, result }: TryData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "try")}
      <p class="muted">${t("try.lead")}</p>
      ${problem === undefined ? undefined : notice("bad", t(`try.problem.${problem}`))}
      ${result === undefined ? tryForm(ui, { form, accounts, focus: "here" }) : html`
        <div class="beside">
          ${tryForm(ui, { form, accounts })}
          <div class="stack">${resultOf(ui, result)}</div>
        </div>
      `}
    </div>
  `;
}

function resultOf(ui: Ui, result: TryResult): VNode {
  const { t } = ui;
  const who = result.contactName === undefined ? t("try.newContact") : visible(result.contactName);
  return html`
    <section class="card" aria-labelledby="try-result">
      <h2 id="try-result" data-announce>${headline(ui, result)}</h2>
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
