import { html, type VNode } from "@views/html.ts";
import { chartTop, lineChart, sample } from "@views/parts/chart.ts";
import { clockTime } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** Texts that left, minute by minute. */
export interface Pace {
  readonly since: Date;
  /** One number a minute, oldest first. */
  readonly sent: readonly number[];
  /** Texts a minute that may leave at most, by the settings. */
  readonly limit: number;
  /** There was so much that only the newest messages were counted. */
  readonly atLeast: boolean;
}

const looks = { sent: { color: "accent" }, limit: { color: "bad", dash: "6 3" } } as const;

export function paceFigure(ui: Ui, pace: Pace): VNode {
  const { t } = ui;
  const most = Math.max(...pace.sent);
  const minute = clockTime(ui, minuteAt(pace, pace.sent.indexOf(most)));
  const finding = most === 0 ? t("pace.quiet") : t("pace.finding", { most, minute });
  const limit = Math.round(pace.limit);
  const lines = [
    { ...looks.sent, values: pace.sent },
    { ...looks.limit, values: pace.sent.map(() => pace.limit) },
  ];
  return html`
    <section class="stack" aria-labelledby="pace">
      <h2 id="pace">${t("pace.title")}</h2>
      <figure class="card stack">
        <figcaption>${finding}${pace.atLeast ? ` ${t("pace.atLeast")}` : ""}</figcaption>
        ${lineChart(finding, lines, chartTop([most, pace.limit]))}
        <p class="muted small">${sample(looks.sent)} ${t("pace.sent")} · ${sample(looks.limit)} ${t("pace.limit", {
          limit,
        })}</p>
        ${most === 0 ? undefined : minuteTable(ui, pace)}
      </figure>
    </section>
  `;
}

/** The minutes in which something left. */
function minuteTable(ui: Ui, pace: Pace): VNode {
  const { t, locale } = ui;
  const rows = pace.sent.map((count, minute) => ({ count, at: minuteAt(pace, minute) })).filter(({ count }) =>
    count > 0
  );
  return html`
    <details>
      <summary>${t("dashboard.table")}</summary>
      <table>
        <caption class="hidden">${t("pace.title")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("dashboard.from")}</th>
            <th scope="col">${t("pace.sent")}</th>
          </tr>
        </thead>
        <tbody>${rows.map(({ count, at }) =>
          html`
            <tr>
              <th scope="row">${clockTime(ui, at)}</th>
              <td class="number">${new Intl.NumberFormat(locale).format(count)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </details>
  `;
}

function minuteAt({ since }: Pace, minute: number): Date {
  return new Date(since.getTime() + minute * 60_000);
}
