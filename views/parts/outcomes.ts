import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { sample, stackedBar } from "@views/parts/chart.ts";
import { countText } from "@views/parts/count.ts";
import { visible } from "@views/parts/linked_text.ts";
import { comparison } from "@views/parts/traffic.ts";
import type { Ui } from "@views/ui.ts";

/** What became of the contacts' messages. */
export interface Decisions {
  readonly numbers: PeriodNumbers;
  /** Of as much time before; absent when it was not read whole. */
  readonly before?: PeriodNumbers;
  /** There was so much that only the newest was counted. */
  readonly isCut: boolean;
  /** Why nothing was said. */
  readonly reasons: readonly ReasonCount[];
  /** What people made of drafts. */
  readonly agreement: readonly AgreementRow[];
}

/** Of the contacts' messages that were decided on: how many, and what became of so many of them. */
export interface PeriodNumbers {
  readonly messages: number;
  readonly replied: number;
  readonly drafted: number;
  readonly silent: number;
  readonly handedOff: number;
}

export interface ReasonCount {
  readonly reason: string;
  /** Messages. */
  readonly count: number;
}

export interface AgreementRow {
  /** Absent: about none of the account's topics. */
  readonly topic?: string;
  readonly unchanged: number;
  readonly edited: number;
  readonly discarded: number;
  readonly open: number;
}

const outcomes = ["replied", "drafted", "silent", "handedOff"] as const;
const outcomeLooks = {
  replied: { color: "ok", tab: "bot" },
  drafted: { color: "info", tab: "needed" },
  silent: { color: "control", tab: "all" },
  handedOff: { color: "warn", tab: "needed" },
} as const;

/** What became of the messages: as one bar, and in a table with the time before. */
export function decisionsFigure(ui: Ui, { numbers, before, isCut }: Decisions): VNode {
  const { t, locale } = ui;
  const part = (name: typeof outcomes[number]): string =>
    new Intl.NumberFormat(locale, { style: "percent" }).format(numbers[name] / numbers.messages);
  const finding = t("dashboard.split", { part: part("replied") });
  const bar = outcomes.map((name) => ({ value: numbers[name], color: outcomeLooks[name].color }));
  return html`
    <figure class="card stack">
      <figcaption>${finding}</figcaption>
      ${stackedBar(finding, bar)}
      <table class="cards">
        <caption class="hidden">${t("dashboard.outcomes")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("dashboard.what")}</th>
            <th scope="col" class="number">${t("dashboard.messages")}</th>
            <th scope="col">${t("dashboard.change")}</th>
          </tr>
        </thead>
        <tbody>
          ${(["messages", ...outcomes] as const).map((name) =>
            html`
              <tr>
                <th scope="row">${name === "messages"
                  ? undefined
                  : sample(outcomeLooks[name])} <a href=${`/admin/inbox?tab=${
                  name === "messages" ? "all" : outcomeLooks[name].tab
                }`}>${t(`dashboard.row.${name}`)}</a></th>
                <td class="figure"><strong>${countText(ui, {
                  count: numbers[name],
                  atLeast: isCut,
                })}</strong>${name === "messages"
                  ? undefined
                  : [" ", html`<span class="part">${part(name)}</span>`]}</td>
                <td class="muted small">${before === undefined ? "–" : comparison(ui, numbers[name], before[name])}</td>
              </tr>
            `
          )}
        </tbody>
      </table>
      <p class="muted small">${t("dashboard.hint")}${isCut ? ` ${t("dashboard.cut")}` : ""}</p>
    </figure>
  `;
}

/** Why the bot said nothing. */
export function silences(ui: Ui, { reasons }: Decisions): Child {
  const { t, locale } = ui;
  if (reasons.length === 0) return undefined;
  return html`
    <section class="stack" aria-labelledby="silences">
      <h2 id="silences">${t("dashboard.silences")}</h2>
      <div class="card flush">
        <table>
          <caption class="hidden">${t("dashboard.silences")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("dashboard.reason")}</th>
              <th scope="col" class="number">${t("dashboard.messages")}</th>
            </tr>
          </thead>
          <tbody>${reasons.map(({ reason, count }) =>
            html`
              <tr>
                <th scope="row" dir="auto">${visible(translateReason(locale, reason))}</th>
                <td class="number">${new Intl.NumberFormat(locale).format(count)}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    </section>
  `;
}

/** How often people sent what was drafted: what tells when the bot may answer by itself. */
export function agreementTable(ui: Ui, { agreement }: Decisions): Child {
  const { t, locale } = ui;
  if (agreement.length === 0) return undefined;
  const verdicts = ["unchanged", "edited", "discarded", "open"] as const;
  return html`
    <section class="stack" aria-labelledby="agreement">
      <h2 id="agreement">${t("dashboard.agreement")}</h2>
      <div class="card flush">
        <table class="cards">
          <caption class="hidden">${t("dashboard.agreement")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("dashboard.topic")}</th>
              ${verdicts.map((verdict) => html`<th scope="col" class="number">${t(`dashboard.draft.${verdict}`)}</th>`)}
            </tr>
          </thead>
          <tbody>${agreement.map((line) =>
            html`
              <tr>
                <th scope="row" dir="auto">${line.topic === undefined
                  ? t("dashboard.topic.none")
                  : visible(line.topic)}</th>
                ${verdicts.map((verdict) =>
                  html`<td class="figure" data-label=${t(`dashboard.draft.${verdict}`)}>${
                    new Intl.NumberFormat(locale).format(line[verdict])
                  }</td>`
                )}
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    </section>
  `;
}
