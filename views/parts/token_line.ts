import { html, type VNode } from "@views/html.ts";
import { chip } from "@views/parts/chip.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** An account's access to Instagram, as far as people must look after it. */
export interface TokenShown {
  /** The account's handle or id; absent when there is only one. */
  readonly account?: string;
  /** Absent when Instagram never told. */
  readonly daysLeft?: number;
  readonly refreshedAt?: Date;
  readonly nextRefreshAt: Date;
}

/** Days within which a token that ends is a warning, and a danger. */
const soonDays = 14;
const veryEndDays = 3;

export function tokenLine(ui: Ui, { account, daysLeft, refreshedAt, nextRefreshAt }: TokenShown): VNode {
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
