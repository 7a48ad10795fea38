import { dateFormat } from "@/conversation/date_format.ts";
import { html, type VNode } from "@views/html.ts";
import type { Ui } from "@views/ui.ts";

function formatter(ui: Ui, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return dateFormat(ui.locale, { timeZone: ui.timeZone, ...options });
}

/** `14:03`. */
export function clockTime(ui: Ui, at: Date): string {
  return formatter(ui, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** `14:03:22`. */
export function clockSeconds(ui: Ui, at: Date): string {
  return formatter(ui, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(
    at,
  );
}

/** `2026-11-24` in the reader's zone: tells two days apart. */
export function dayKey(ui: Ui, at: Date): string {
  return formatter(ui, { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** Today, yesterday, or the date. */
export function dayName(ui: Ui, at: Date): string {
  const key = dayKey(ui, at);
  if (key === dayKey(ui, ui.now)) return ui.t("time.today");
  if (key === dayKey(ui, new Date(ui.now.getTime() - 86_400_000))) return ui.t("time.yesterday");
  return formatter(ui, { weekday: "long", day: "numeric", month: "long" }).format(at);
}

export function fullDate(ui: Ui, at: Date): string {
  return formatter(ui, { dateStyle: "full", timeStyle: "long", hourCycle: "h23" }).format(at);
}

/** Date and time in words, to the minute. */
export function longDate(ui: Ui, at: Date): string {
  return formatter(ui, { dateStyle: "long", timeStyle: "short", hourCycle: "h23" }).format(at);
}

/** Today the clock time, this week the weekday with it, else the date. */
export function briefTime(ui: Ui, at: Date): string {
  if (dayKey(ui, at) === dayKey(ui, ui.now)) return clockTime(ui, at);
  const isThisWeek = Math.abs(ui.now.getTime() - at.getTime()) < 6 * 86_400_000;
  if (isThisWeek) {
    const weekday = formatter(ui, { weekday: "short" }).format(at);
    return `${weekday} ${clockTime(ui, at)}`;
  }
  return formatter(ui, { day: "numeric", month: "short", year: "numeric" }).format(at);
}

/** A time element; `shown` in words, the full date on hovering. */
export function time(ui: Ui, at: Date, shown: string): VNode {
  return html`<time datetime=${at.toISOString()} title=${fullDate(ui, at)}>${shown}</time>`;
}

/** How long, in the largest unit that says enough: `21 h`, `12 min`, `40 s`. */
export function duration(ui: Ui, ms: number): string {
  const exact = Math.max(0, ms / 1_000);
  const seconds = exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact);
  if (seconds < 90) return ui.t("time.seconds", { count: seconds });
  if (seconds < 5_400) return ui.t("time.minutes", { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return ui.t("time.hours", { count: Math.floor(seconds / 3_600) });
  return ui.t("time.days", { count: Math.floor(seconds / 86_400) });
}
