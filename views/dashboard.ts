import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { countText } from "@views/parts/count.ts";
import { type FirstStep, firstSteps } from "@views/parts/first_steps.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, duration, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface DashboardData {
  readonly steps: readonly FirstStep[];
  /** What there is at this moment. */
  readonly now: Readonly<Record<"needed" | "unread" | "leaving" | "stuck" | "dead", number>>;
  /** When the newest webhook that is kept came. */
  readonly webhookAt?: Date;
  readonly periods: Readonly<Record<Period, PeriodNumbers>>;
  /** There was so much that only the newest was counted. */
  readonly isCut: boolean;
  /** Why nothing was said, in the longer period. */
  readonly reasons: readonly ReasonCount[];
  /** What people made of drafts, in the longer period. */
  readonly agreement: readonly AgreementRow[];
  readonly sandbox: boolean;
}

type Period = "today" | "week";

/** Of the contacts' messages that were decided on: how many, and what became of so many of them. */
export interface PeriodNumbers {
  readonly messages: number;
  readonly replied: number;
  readonly drafted: number;
  readonly silent: number;
  readonly handedOff: number;
  /** Time to answer: half and nine tenths were faster; absent when nothing was answered. */
  readonly medianMs?: number;
  readonly slowMs?: number;
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

const periods: readonly Period[] = ["today", "week"];

export function dashboardPage(ui: Ui, data: DashboardData): VNode {
  return html`
    <div class="page-body">
      <h1>${ui.t("nav.dashboard")}</h1>
      <div id="dashboard" hx-get="/admin/dashboard" hx-trigger="every 30s" hx-swap="innerMorph">${dashboardRegion(
        ui,
        data,
      )}</div>
    </div>
  `;
}

/** All of it: what changes by itself. */
export function dashboardRegion(ui: Ui, data: DashboardData): VNode {
  return html`
    <div class="stack dashboard">
      ${firstSteps(ui, data.steps, data)}
      ${nowTiles(ui, data)}
      ${data.periods.week.messages === 0
        ? html`<p class="card empty">${ui.t("dashboard.empty")}</p>`
        : [messagesTable(ui, data), silences(ui, data)]}
      ${agreementTable(ui, data)}
    </div>
  `;
}

const links: Readonly<Record<keyof DashboardData["now"], string>> = {
  needed: "/admin/inbox?tab=needed",
  unread: "/admin/inbox?tab=all",
  leaving: "/admin/queue",
  stuck: "/admin/queue",
  dead: "/admin/queue",
};

function nowTiles(ui: Ui, { now, webhookAt }: DashboardData): VNode {
  const { t } = ui;
  const names = Object.keys(links) as (keyof DashboardData["now"])[];
  return html`
    <section aria-labelledby="now">
      <h2 id="now">${t("dashboard.now")}</h2>
      <nav class="tiles" aria-labelledby="now">${names.map((name) =>
        html`<a class=${now[name] === 0 ? "zero" : ""} href=${links[name]}><strong>${shown(ui, now[name])}</strong> ${
          t(`dashboard.now.${name}`)
        }</a>`
      )}</nav>
      <p class="muted small">${webhookAt === undefined
        ? t("dashboard.webhook.none")
        : html`${t("dashboard.webhook")} ${time(ui, webhookAt, briefTime(ui, webhookAt))}`}</p>
    </section>
  `;
}

/** Conversations are counted up to a thousand. */
function shown(ui: Ui, count: number): string {
  return countText(ui, { count: Math.min(count, 1_000), atLeast: count > 1_000 });
}

function messagesTable(ui: Ui, { periods: numbers, isCut }: DashboardData): VNode {
  const { t } = ui;
  const counts = ["messages", "replied", "drafted", "silent", "handedOff"] as const;
  const times = ["medianMs", "slowMs"] as const;
  return html`
    <section class="stack" aria-labelledby="messages">
      <h2 id="messages">${t("dashboard.messages")}</h2>
      <div class="card flush">
        <table>
          <caption class="hidden">${t("dashboard.messages")}</caption>
          <thead>
            <tr>
              <th scope="col"><span class="hidden">${t("dashboard.what")}</span></th>
              ${periods.map((period) => html`<th scope="col" class="number">${t(`dashboard.${period}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${counts.map((name) => row(t(`dashboard.row.${name}`), (period) => share(ui, numbers[period], name)))}
            ${times.map((name) =>
              row(t(`dashboard.row.${name}`), (period) => {
                const ms = numbers[period][name];
                return ms === undefined ? "–" : html`<strong>${duration(ui, ms)}</strong>`;
              })
            )}
          </tbody>
        </table>
      </div>
      <p class="muted small">${t("dashboard.hint")}${isCut ? ` ${t("dashboard.cut")}` : ""}</p>
    </section>
  `;
}

function row(label: string, cell: (period: Period) => Child): VNode {
  return html`
    <tr>
      <th scope="row">${label}</th>
      ${periods.map((period) => html`<td class="number">${cell(period)}</td>`)}
    </tr>
  `;
}

/** How many, and but for the sum itself which part of all. */
function share(
  { locale }: Ui,
  numbers: PeriodNumbers,
  name: "messages" | "replied" | "drafted" | "silent" | "handedOff",
): Child {
  const count = new Intl.NumberFormat(locale).format(numbers[name]);
  if (name === "messages" || numbers.messages === 0) return html`<strong>${count}</strong>`;
  const part = new Intl.NumberFormat(locale, { style: "percent" }).format(numbers[name] / numbers.messages);
  return html`<strong>${count}</strong> <span class="part">${part}</span>`;
}

function silences(ui: Ui, { reasons }: DashboardData): Child {
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
function agreementTable(ui: Ui, { agreement }: DashboardData): Child {
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
