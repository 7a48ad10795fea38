import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { sample, stackedBar } from "@views/parts/chart.ts";
import { chip } from "@views/parts/chip.ts";
import { countText } from "@views/parts/count.ts";
import { type FirstStep, firstSteps } from "@views/parts/first_steps.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, duration, time } from "@views/parts/time.ts";
import { comparison, repliesTable, type Traffic, trafficFigure } from "@views/parts/traffic.ts";
import type { Ui } from "@views/ui.ts";

/** How far back the numbers go. */
export const ranges = ["24h", "7d", "30d"] as const;
export type Range = typeof ranges[number];

export interface DashboardData {
  readonly range: Range;
  readonly steps: readonly FirstStep[];
  /** What there is at this moment. */
  readonly now: Readonly<Record<"needed" | "unread" | "leaving" | "stuck" | "dead", number>>;
  /** When the newest webhook that is kept came. */
  readonly webhookAt?: Date;
  /** When the oldest text was made that has not left; absent when none waits. */
  readonly oldestAt?: Date;
  /** Of each account that has one. */
  readonly tokens: readonly TokenShown[];
  /** What people did by hand in this time; absent when it could not be read. */
  readonly byHand?: ByHand;
  /** Absent, as the two after it: it could not be read. */
  readonly traffic?: Traffic;
  readonly decisions?: Decisions;
  readonly failures?: Failures;
  readonly sandbox: boolean;
}

export interface TokenShown {
  /** The account's handle or id; absent when there is only one. */
  readonly account?: string;
  /** Absent when Instagram never told. */
  readonly daysLeft?: number;
  readonly refreshedAt?: Date;
  readonly nextRefreshAt: Date;
}

/** Conversations that people took from the bot and gave back to it by a click, and texts that they sent. */
export interface ByHand {
  readonly taken: number;
  readonly givenBack: number;
  readonly sent: number;
  /** There was so much that only the newest was counted. */
  readonly atLeast: boolean;
}

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

/** Texts that did not leave, by what Instagram said. */
export interface Failures {
  readonly rows: readonly { readonly code?: number; readonly message: string; readonly count: number }[];
  readonly atLeast: boolean;
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

export function dashboardPage(ui: Ui, data: DashboardData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.dashboard")}</h1>
      <nav class="tabs" aria-label=${t("dashboard.range")}>${ranges.map((range) =>
        html`<a href=${`/admin/dashboard?range=${range}`} aria-current=${range === data.range ? "page" : undefined}>${
          t(`dashboard.range.${range}`)
        }</a>`
      )}</nav>
      <div id="dashboard" hx-get=${`/admin/dashboard?range=${data.range}`} hx-trigger="every 30s" hx-swap="innerMorph">${dashboardRegion(
        ui,
        data,
      )}</div>
    </div>
  `;
}

/** All of it: what changes by itself. */
export function dashboardRegion(ui: Ui, data: DashboardData): VNode {
  const { traffic, decisions, failures } = data;
  return html`
    <div class="stack dashboard">
      ${firstSteps(ui, data.steps, data)}
      ${nowTiles(ui, data)}
      <section class="stack" aria-labelledby="traffic">
        <h2 id="traffic">${ui.t("dashboard.traffic")}</h2>
        ${traffic === undefined ? unread(ui) : isIdle(traffic) ? nothingYet(ui) : trafficFigure(ui, traffic)}
      </section>
      ${traffic === undefined || isIdle(traffic) ? undefined : repliesTable(ui, traffic)}
      <section class="stack" aria-labelledby="messages">
        <h2 id="messages">${ui.t("dashboard.outcomes")}</h2>
        ${decisions === undefined
          ? unread(ui)
          : decisions.numbers.messages === 0
          ? nothingYet(ui)
          : decisionsFigure(ui, decisions)}
      </section>
      ${data.byHand === undefined ? undefined : byHandLine(ui, data.byHand)}
      ${decisions === undefined ? undefined : [silences(ui, decisions), agreementTable(ui, decisions)]}
      <section class="stack" aria-labelledby="failures">
        <h2 id="failures">${ui.t("dashboard.failures")}</h2>
        ${failures === undefined ? unread(ui) : failuresTable(ui, failures)}
      </section>
    </div>
  `;
}

function isIdle({ into, out }: Traffic): boolean {
  return into + out === 0;
}

function unread({ t }: Ui): VNode {
  return html`<p class="card empty">${t("dashboard.unread")}</p>`;
}

function nothingYet({ t }: Ui): VNode {
  return html`<p class="card empty">${t("dashboard.empty")}</p>`;
}

const links: Readonly<Record<keyof DashboardData["now"], string>> = {
  needed: "/admin/inbox?tab=needed",
  unread: "/admin/inbox?tab=all&unread=1",
  leaving: "/admin/queue?state=queued",
  stuck: "/admin/queue",
  dead: "/admin/queue",
};

function nowTiles(ui: Ui, { now, webhookAt, oldestAt, tokens }: DashboardData): VNode {
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
        : html`${t("dashboard.webhook")} ${time(ui, webhookAt, briefTime(ui, webhookAt))} (${
          t("dashboard.ago", { time: duration(ui, ui.now.getTime() - webhookAt.getTime()) })
        })`}</p>
      ${oldestAt === undefined ? undefined : html`
        <p class="muted small">${t("queue.oldest", { age: duration(ui, ui.now.getTime() - oldestAt.getTime()) })}</p>
      `}
      ${tokens.map((token) => tokenLine(ui, token))}
    </section>
  `;
}

/** Days within which a token that ends is a warning, and a danger. */
const soonDays = 14;
const veryEndDays = 3;

function tokenLine(ui: Ui, { account, daysLeft, refreshedAt, nextRefreshAt }: TokenShown): VNode {
  const { t } = ui;
  const tone = daysLeft === undefined || daysLeft > soonDays ? "plain" : daysLeft > veryEndDays ? "warn" : "bad";
  const left = daysLeft === undefined ? t("dashboard.token.untold") : t("dashboard.token.days", { days: daysLeft });
  return html`
    <p class="muted small">${account === undefined ? undefined : [html`<bdi>${account}</bdi>`, ": "]}${chip(
      tone,
      "lock",
      left,
    )} ${refreshedAt === undefined ? undefined : [
      `${t("dashboard.token.refreshed")} `,
      time(ui, refreshedAt, briefTime(ui, refreshedAt)),
      " · ",
    ]}${t("token.refresh")} ${time(ui, nextRefreshAt, briefTime(ui, nextRefreshAt))}</p>
  `;
}

function byHandLine(ui: Ui, { atLeast, ...counts }: ByHand): VNode {
  const { t } = ui;
  const shown = (count: number): string => countText(ui, { count, atLeast });
  const names = ["taken", "givenBack", "sent"] as const;
  return html`
    <p class="card"><span class="muted">${t("dashboard.byHand")}</span> ${names.map((name) =>
      `${shown(counts[name])} ${t(`dashboard.byHand.${name}`)}`
    ).join(" · ")}</p>
  `;
}

/** Conversations are counted up to a thousand. */
function shown(ui: Ui, count: number): string {
  return countText(ui, { count: Math.min(count, 1_000), atLeast: count > 1_000 });
}

const outcomes = ["replied", "drafted", "silent", "handedOff"] as const;
const outcomeLooks = {
  replied: { color: "ok", tab: "bot" },
  drafted: { color: "info", tab: "needed" },
  silent: { color: "control", tab: "all" },
  handedOff: { color: "warn", tab: "needed" },
} as const;

/** What became of the messages: as one bar, and in a table with the time before. */
function decisionsFigure(ui: Ui, { numbers, before, isCut }: Decisions): VNode {
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

function failuresTable(ui: Ui, { rows, atLeast }: Failures): VNode {
  const { t, locale } = ui;
  if (rows.length === 0) return html`<p class="card empty">${t("dashboard.failures.none")}</p>`;
  return html`
    <div class="card flush">
      <table>
        <caption class="hidden">${t("dashboard.failures")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("dashboard.reason")}</th>
            <th scope="col" class="number">${t("dashboard.code")}</th>
            <th scope="col" class="number">${t("dashboard.texts")}</th>
          </tr>
        </thead>
        <tbody>${rows.map(({ code, message, count }) =>
          html`
            <tr>
              <th scope="row" dir="auto"><a href=${code === undefined
                ? "/admin/queue?state=failed"
                : `/admin/queue?code=${code}`}>${visible(
                  translateReason(locale, message),
                )}</a></th>
              <td class="number">${code ?? "–"}</td>
              <td class="number">${countText(ui, { count, atLeast })}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

function silences(ui: Ui, { reasons }: Decisions): Child {
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
function agreementTable(ui: Ui, { agreement }: Decisions): Child {
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
