/** How one person wants the pages to look: kept in their browser, as cookies, so that it holds with JavaScript off. */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { dateFormat } from "@/conversation/date_format.ts";
import { type Theme, themes } from "@views/ui.ts";

export interface Display {
  /** IANA name; empty: as the browser says, else as the account. */
  readonly zone: string;
  readonly theme: Theme;
  /** Whether Enter alone sends what is in the composer. */
  readonly enterSends: boolean;
}

const cookie = "moca_display";

/** Set by the browser itself, see page.js. */
const zoneCookie = "moca_zone";
const yearSeconds = 365 * 24 * 3_600;

export function readDisplay(c: Context): Display {
  const kept = new URLSearchParams(getCookie(c, cookie) ?? "");
  const zone = kept.get("zone") ?? "";
  return {
    zone: isTimeZone(zone) ? zone : "",
    theme: themes.find((theme) => theme === kept.get("theme")) ?? "system",
    enterSends: kept.get("enter") === "1",
  };
}

export function keepDisplay(c: Context, { zone, theme, enterSends }: Display): void {
  const kept = new URLSearchParams({ zone, theme, enter: enterSends ? "1" : "0" });
  setCookie(c, cookie, String(kept), { path: "/admin", sameSite: "Lax", httpOnly: true, maxAge: yearSeconds });
}

/** The zone that times are shown in: chosen, else the browser's, else the account's. */
export function timeZoneOf(c: Context, accountZone: string): string {
  const { zone } = readDisplay(c);
  return zone !== "" ? zone : browserZone(c) ?? accountZone;
}

/** Undefined when the browser has not said yet, or something that is no zone. */
export function browserZone(c: Context): string | undefined {
  const said = getCookie(c, zoneCookie) ?? "";
  return isTimeZone(said) ? said : undefined;
}

/** What may be chosen. */
export const timeZones: readonly string[] = [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC"])];

const known: ReadonlySet<string> = new Set(timeZones);

/** Whether there is such a zone, by this name or by another that browsers have for it. */
export function isTimeZone(name: string): boolean {
  return known.has(name) || (/^[a-z]+(?:[/_+-][a-z0-9]+)+$/i.test(name) && isAlias(name));
}

function isAlias(name: string): boolean {
  try {
    dateFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
