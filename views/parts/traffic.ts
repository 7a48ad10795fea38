import { type Child, html, type VNode } from "@views/html.ts";
import { type Count, countText } from "@views/parts/count.ts";
import { chartTop, lineChart, sample } from "@views/parts/chart.ts";
import { briefTime, duration, longDate } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** Messages of a stretch of time. */
export interface Traffic {
  readonly into: number;
  readonly out: number;
  /** Oldest first, each `bucketMs` long. */
  readonly buckets: readonly TrafficBucket[];
  readonly bucketMs: number;
  /** There was so much that only messages from here on were read. */
  readonly from?: Date;
  /** The sums of as much time before; absent when it was not read whole. */
  readonly before?: Readonly<Record<"into" | "out", number>>;
  readonly replies: Readonly<Record<"bot" | "person", Times>>;
  /** From Instagram's time of a message to its webhook. */
  readonly webhooks: Times;
}

export interface TrafficBucket {
  readonly from: Date;
  readonly into: number;
  readonly out: number;
  /** Of the bot's answers in it. */
  readonly bot: Times;
}

/** Of how many answers or webhooks; half, nine tenths and 99 hundredths came faster, absent when there was none. */
export interface Times {
  readonly count: number;
  readonly medianMs?: number;
  readonly slowMs?: number;
  readonly slowestMs?: number;
}

const lines = { into: { color: "accent" }, out: { color: "warn", dash: "4 5" } } as const;

/** A number against that of the time before, in words: `+12% against the time before`. */
export function comparison({ t, locale }: Ui, count: number, before: number): string {
  if (count === before) return t("dashboard.compare.same");
  if (before === 0) return t("dashboard.compare.none");
  const format = new Intl.NumberFormat(locale, { style: "percent", signDisplay: "exceptZero" });
  return t("dashboard.compare", { change: format.format(count / before - 1) });
}

/** Messages in and out, drawn and told. */
export function trafficFigure(ui: Ui, traffic: Traffic): VNode {
  const { t } = ui;
  const { buckets, from } = traffic;
  const top = chartTop(buckets.flatMap(({ into, out }) => [into, out]));
  const names = ["into", "out"] as const;
  return html`
    <figure class="card stack">
      <figcaption>${names.map((name) =>
        html`<div>${sample(lines[name])} <a href="/admin/inbox?tab=all"><strong>${
          countText(ui, counted(traffic, name))
        }</strong> ${t(`dashboard.traffic.${name}`)}</a>${
          traffic.before === undefined
            ? undefined
            : [" ", html`<span class="muted small">${comparison(ui, traffic[name], traffic.before[name])}</span>`]
        }</div>`
      )}</figcaption>
      ${lineChart(
        finding(ui, traffic),
        names.map((name) => ({ ...lines[name], values: buckets.map((bucket) => bucket[name]) })),
        top,
      )}
      <p class="muted small">${finding(ui, traffic)} ${t("dashboard.traffic.scale", { top })}${from === undefined
        ? ""
        : ` ${t("dashboard.traffic.from", { when: longDate(ui, from) })}`}</p>
      ${webhookDelay(ui, traffic.webhooks)}
      ${bucketTable(ui, traffic)}
    </figure>
  `;
}

/** Of what only Moca sent there is none. */
function webhookDelay(ui: Ui, { medianMs, slowMs }: Times): Child {
  if (medianMs === undefined || slowMs === undefined) return undefined;
  const times = { median: duration(ui, medianMs), slow: duration(ui, slowMs) };
  return html`<p class="muted small">${ui.t("dashboard.traffic.delay", times)}</p>`;
}

function counted({ from, ...sums }: Traffic, name: "into" | "out"): Count {
  return { count: sums[name], atLeast: from !== undefined };
}

function finding(ui: Ui, { buckets, bucketMs }: Traffic): string {
  const busiest = buckets.reduce((best, one) => one.into > best.into ? one : best);
  const each = { count: busiest.into, when: briefTime(ui, busiest.from), length: duration(ui, bucketMs) };
  return busiest.into === 0 ? ui.t("dashboard.traffic.quiet") : ui.t("dashboard.traffic.busiest", each);
}

function bucketTable(ui: Ui, { buckets }: Traffic): VNode {
  const { t, locale } = ui;
  const number = new Intl.NumberFormat(locale);
  return html`
    <details>
      <summary>${t("dashboard.table")}</summary>
      <table>
        <caption class="hidden">${t("dashboard.traffic")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("dashboard.from")}</th>
            <th scope="col" class="number">${t("dashboard.traffic.into")}</th>
            <th scope="col" class="number">${t("dashboard.traffic.out")}</th>
          </tr>
        </thead>
        <tbody>${buckets.map(({ from, into, out }) =>
          html`
            <tr>
              <th scope="row">${briefTime(ui, from)}</th>
              <td class="number">${number.format(into)}</td>
              <td class="number">${number.format(out)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </details>
  `;
}

/** How long contacts waited for the bot and for people. */
export function repliesTable(ui: Ui, traffic: Traffic): VNode {
  const { t } = ui;
  const { replies } = traffic;
  const cell = (ms: number | undefined): Child => ms === undefined ? "–" : html`<strong>${duration(ui, ms)}</strong>`;
  return html`
    <section class="stack" aria-labelledby="replies">
      <h2 id="replies">${t("dashboard.replies")}</h2>
      ${replies.bot.count === 0 ? undefined : repliesFigure(ui, traffic)}
      <div class="card flush">
        <table class="cards">
          <caption class="hidden">${t("dashboard.replies")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("dashboard.replies.who")}</th>
              <th scope="col" class="number">${t("dashboard.replies.count")}</th>
              <th scope="col" class="number">${t("dashboard.row.medianMs")}</th>
              <th scope="col" class="number">${t("dashboard.row.slowMs")}</th>
              <th scope="col" class="number">${t("dashboard.row.slowestMs")}</th>
            </tr>
          </thead>
          <tbody>${(["bot", "person"] as const).map((who) =>
            html`
              <tr>
                <th scope="row"><a href=${`/admin/inbox?tab=all&handler=${who}`}>${t(
                  `dashboard.replies.${who}`,
                )}</a></th>
                <td class="figure" data-label=${t("dashboard.replies.count")}>${new Intl.NumberFormat(ui.locale).format(
                  replies[who].count,
                )}</td>
                <td class="figure" data-label=${t("dashboard.row.medianMs")}>${cell(replies[who].medianMs)}</td>
                <td class="figure" data-label=${t("dashboard.row.slowMs")}>${cell(replies[who].slowMs)}</td>
                <td class="figure" data-label=${t("dashboard.row.slowestMs")}>${cell(replies[who].slowestMs)}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    </section>
  `;
}

const replyLines = { medianMs: lines.into, slowMs: lines.out } as const;

/** How the bot's time to answer went, drawn and told. */
function repliesFigure(ui: Ui, { buckets, replies: { bot } }: Traffic): VNode {
  const { t } = ui;
  const names = ["medianMs", "slowMs"] as const;
  const shown = (ms: number | undefined): string => ms === undefined ? "–" : duration(ui, ms);
  const top = Math.max(1, ...buckets.map(({ bot }) => bot.slowMs ?? 0));
  const title = t("dashboard.replies.chart", { median: shown(bot.medianMs), slow: shown(bot.slowMs), top: shown(top) });
  return html`
    <figure class="card stack">
      <figcaption>${names.map((name) =>
        html`<div>${sample(replyLines[name])} ${t(`dashboard.row.${name}`)} <strong>${shown(bot[name])}</strong></div>`
      )}</figcaption>
      ${lineChart(
        title,
        names.map((name) => ({ ...replyLines[name], values: buckets.map(({ bot }) => bot[name]) })),
        top,
      )}
      <p class="muted small">${title}</p>
      <details>
        <summary>${t("dashboard.table")}</summary>
        <table>
          <caption class="hidden">${t("dashboard.replies")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("dashboard.from")}</th>
              ${names.map((name) => html`<th scope="col">${t(`dashboard.row.${name}`)}</th>`)}
            </tr>
          </thead>
          <tbody>${buckets.map(({ from, bot }) =>
            html`
              <tr>
                <th scope="row">${briefTime(ui, from)}</th>
                ${names.map((name) => html`<td>${shown(bot[name])}</td>`)}
              </tr>
            `
          )}</tbody>
        </table>
      </details>
    </figure>
  `;
}
