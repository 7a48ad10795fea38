/** What every page needs around it, and the ways to answer with one. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { resolveSettings } from "@/conversation/settings.ts";
import { loadAlerts } from "@/backoffice/alerts.ts";
import { assetUrls } from "@/backoffice/assets.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { readDisplay, timeZoneOf } from "@/backoffice/display.ts";
import { chooseLocale } from "@/backoffice/language.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { Account } from "@/store/records.ts";
import { renderFragment, type VNode } from "@views/html.ts";
import { translator } from "@views/i18n.ts";
import { layout, type PageContent } from "@views/layout.ts";
import type { Frame, Ui } from "@views/ui.ts";

type PageContext = Context<SessionEnv>;

/** Language, time zone and token of a request. */
export async function uiOf(deps: BackofficeDeps, c: PageContext, accountId?: string): Promise<Ui> {
  const account = accountId === undefined ? await firstAccount(deps) : await deps.store.accounts.get(accountId);
  const { timezone } = resolveSettings(account?.settings ?? {});
  const { csrfToken: csrf, role, operator } = c.get("session");
  return { ...signedOutUi(deps, c), timeZone: timeZoneOf(c, timezone), csrf, role, operator };
}

/** The same before anybody is known. */
export function signedOutUi(deps: BackofficeDeps, c: Context): Ui {
  const locale = chooseLocale(c);
  return {
    locale,
    t: translator(locale),
    timeZone: timeZoneOf(c, "UTC"),
    now: deps.store.now(),
    csrf: "",
    role: "viewer",
    operator: "",
  };
}

export async function firstAccount(deps: BackofficeDeps): Promise<Account | undefined> {
  return (await deps.store.accounts.list())[0];
}

/** Counters and states around a page of somebody who is signed in. */
export async function frameOf(deps: BackofficeDeps, c: PageContext): Promise<Frame> {
  const accounts = await deps.store.accounts.list();
  const [counts, items, alerts] = await Promise.all([
    deps.store.conversations.counts({}),
    deps.store.outbound.countByState(),
    loadAlerts(deps, accounts),
  ]);
  return {
    ...signedOutFrame(deps, c),
    liveFrom: c.get("liveFrom"),
    agent: accounts[0] && agentState(accounts[0]),
    needed: counts.needed,
    stuck: items.failed + items.held + items.expired,
    alerts,
  };
}

function agentState(account: Account): Frame["agent"] {
  const { botEnabled, mode } = resolveSettings(account.settings);
  if (!botEnabled || mode === "off") return "off";
  return mode === "draft" ? "draft" : "on";
}

export function signedOutFrame({ config }: BackofficeDeps, c: Context): Frame {
  const { theme, enterSends } = readDisplay(c);
  return {
    path: pathOf(c),
    theme,
    enterSends,
    sandbox: config.mode === "sandbox",
    needed: 0,
    stuck: 0,
    alerts: [],
    assets: assetUrls,
  };
}

/** Path and query of the request, without the language that it may ask for. */
export function pathOf(c: Context): string {
  const url = new URL(c.req.url);
  url.searchParams.delete("lang");
  return `${url.pathname}${url.search}`;
}

/** Answers with a whole page. */
export async function respondPage(
  deps: BackofficeDeps,
  c: PageContext,
  page: { ui: Ui; content: PageContent; status?: ContentfulStatusCode },
): Promise<Response> {
  const frame = await frameOf(deps, c);
  return c.html(layout(page.ui, frame, page.content), page.status ?? 200);
}

/** Answers with a region that a page asks for again and again: 304 when it is as it was. */
export function respondRegion(c: Context, nodes: readonly VNode[]): Response {
  const body = nodes.map(renderFragment).join("");
  const stamp = createHash("sha256").update(body).digest("hex").slice(0, 16);
  if (c.req.header("hx-ptag") === stamp) return c.body(null, 304);
  return c.body(body, 200, { "content-type": "text/html; charset=UTF-8", "hx-ptag": stamp });
}

/** Whether htmx asked, and wants a part of the page instead of the page. */
export function isFragmentRequest(c: Context): boolean {
  return c.req.header("hx-request") === "true";
}
