import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { sparkline } from "@views/parts/chart.ts";
import { countText } from "@views/parts/count.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, longDate, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** What rules did in the last seven days. */
export interface RuleFigures {
  /** There was so much that only decisions from here on were read. */
  readonly from?: Date;
  /** By the rule's name; one that was never asked has none. */
  readonly records: ReadonlyMap<string, RuleRecord>;
}

export interface RuleRecord {
  /** Decisions that it made. */
  readonly hits: number;
  /** Of these, in the last 24 hours. */
  readonly hitsToday: number;
  /** The same by day, the last one up to now. */
  readonly byDay: readonly number[];
  readonly lastHit?: { readonly turnId: string; readonly at: Date };
  readonly errors: number;
  readonly lastError?: { readonly turnId: string; readonly reason: string };
  /** In milliseconds, within which nineteen of twenty runs were done. */
  readonly slowMs?: number;
}

/** How often it decided: today, in the week, as a line. */
export function hitsCell(ui: Ui, record: RuleRecord | undefined, isCut: boolean): VNode {
  const { hits = 0, hitsToday = 0, byDay = [] } = record ?? {};
  const [today, week] = [hitsToday, hits].map((count) => countText(ui, { count, atLeast: isCut && count > 0 }));
  const title = ui.t("rules.hits.title", { today, week });
  return html`
    <span class="hits" title=${title}><span class="number">${today} · ${week}</span>${hits === 0
      ? undefined
      : sparkline(title, byDay)}</span>
  `;
}

export function lastHitCell(ui: Ui, record: RuleRecord | undefined): VNode {
  const { lastHit } = record ?? {};
  if (lastHit === undefined) return html`<span class="muted">–</span>`;
  return html`<a href=${turnPath(lastHit)}>${time(ui, lastHit.at, briefTime(ui, lastHit.at))}</a>`;
}

/** The same in a sentence. */
export function lastHitLine(ui: Ui, { lastHit }: Partial<RuleRecord> = {}): Child {
  if (lastHit === undefined) return ui.t("rules.noHit");
  return html`${ui.t("rules.lastHit.on", { at: longDate(ui, lastHit.at) })} <a href=${turnPath(lastHit)}>${
    ui.t("trace.open")
  }</a>`;
}

export function errorsCell(record: RuleRecord | undefined): VNode {
  const { errors = 0, lastError } = record ?? {};
  if (lastError === undefined) return html`<span class="muted">–</span>`;
  return html`<a class="bad ledger-link" href=${turnPath(lastError)}>${errors}</a>`;
}

/** What it threw last, and the way to what it was asked; nothing for a rule that never did. */
export function lastErrorLine(ui: Ui, { lastError }: Partial<RuleRecord> = {}): Child {
  if (lastError === undefined) return undefined;
  return html`
    <p><span class="problem">${ui.t("rules.lastError")}</span> <bdi>${translateReason(
      ui.locale,
      visible(lastError.reason),
    )}</bdi> <a href=${turnPath(lastError)}>${ui.t("rules.lastError.open")}</a></p>
  `;
}

function turnPath({ turnId }: { readonly turnId: string }): string {
  return `/admin/turns/${encodeURIComponent(turnId)}`;
}

/** `0.4 ms`. */
export function slowText({ locale }: Ui, record: RuleRecord | undefined): string {
  if (record?.slowMs === undefined) return "–";
  const format = new Intl.NumberFormat(locale, { style: "unit", unit: "millisecond", maximumFractionDigits: 1 });
  return format.format(record.slowMs);
}
