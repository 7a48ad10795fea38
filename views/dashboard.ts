import { html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { type ByHand, byHandLine } from "@views/parts/by_hand.ts";
import { countText } from "@views/parts/count.ts";
import { type FirstStep, firstSteps } from "@views/parts/first_steps.ts";
import { visible } from "@views/parts/linked_text.ts";
import { agreementTable, type Decisions, decisionsFigure, silences } from "@views/parts/outcomes.ts";
import { briefTime, duration, time } from "@views/parts/time.ts";
import { tokenLine, type TokenShown } from "@views/parts/token_line.ts";
import { repliesTable, type Traffic, trafficFigure } from "@views/parts/traffic.ts";
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
  /** Absent, as the three after it: it could not be read. */
  readonly byHand?: ByHand;
  readonly traffic?: Traffic;
  readonly decisions?: Decisions;
  readonly failures?: Failures;
  readonly sandbox: boolean;
}

/** Texts that did not leave, by what Instagram said. */
export interface Failures {
  readonly rows: readonly { readonly code?: number; readonly message: string; readonly count: number }[];
  readonly atLeast: boolean;
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
      ${data.byHand === undefined ? unread(ui) : byHandLine(ui, data.byHand)}
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
  dead: "/admin/queue#unusable",
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

/** Conversations are counted up to a thousand. */
function shown(ui: Ui, count: number): string {
  return countText(ui, { count: Math.min(count, 1_000), atLeast: count > 1_000 });
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
