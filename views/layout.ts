import { type Child, html, renderPage, type VNode } from "@views/html.ts";
import { languageNames, type Locale, locales, translateReason } from "@views/i18n.ts";
import { withPart } from "@views/parts/address.ts";
import { icon, iconSprite } from "@views/parts/icon.ts";
import { keySheet, keySheetButton } from "@views/parts/keys.ts";
import { nav, navEntries, type Section } from "@views/parts/nav.ts";
import { notice } from "@views/parts/form.ts";
import { placeOf } from "@views/parts/rule_place.ts";
import { briefTime, duration } from "@views/parts/time.ts";
import type { Alert, Frame, Ui } from "@views/ui.ts";

export interface PageContent {
  readonly title: string;
  readonly body: VNode;
  /** What just happened, above the page. */
  readonly status?: VNode;
  /** Absent on pages that nobody is signed in for. */
  readonly section?: Section;
  /** `app`: fills the window, its panes scroll · `page`: scrolls as a whole. */
  readonly shape: "app" | "page";
  /** On phones the page has the whole window, without the bar below. */
  readonly deep?: boolean;
}

/** htmx without anything that a strict content security policy forbids; a broken server never eats what is there. */
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  morphIgnore: ["data-htmx-powered", "open"],
  noSwap: [204, 304, "5xx"],
  extensions: "ptag",
});

/** A whole page, as text. */
export function layout(ui: Ui, frame: Frame, content: PageContent): string {
  const { t, locale } = ui;
  const signedIn = content.section !== undefined;
  return renderPage(html`
    <html lang=${locale} data-theme=${frame.theme === "system" ? undefined : frame.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content=${frame.theme === "system" ? "light dark" : frame.theme} />
        <meta name="htmx-config" content=${htmxConfig} />
        <title>${content.title} · Moca</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href=${frame.assets.css} />
        <script src=${frame.assets.js} defer></script>
      </head>
      <body class=${[content.shape, content.deep ? "deep" : "", signedIn ? "" : "out"].join(" ").trim()}
        data-enter=${frame.enterSends ? "sends" : undefined}>
        ${iconSprite()}
        <a class="skip" href="#main">${t("frame.skip")}</a>
        ${signedIn ? header(ui, frame) : undefined}
        ${content.section === undefined ? undefined : nav(ui, frame, content.section)}
        <main id="main" tabindex="-1">
          ${signedIn ? html`<div id="banners">${banners(ui, frame)}</div>` : undefined}
          ${content.status}
          ${content.body}
        </main>
        ${signedIn ? keySheet(ui, frame) : undefined}
        <div id="announcer" class="hidden" role="status"></div>
        <div id="alarm" class="hidden" role="alert"></div>
      </body>
    </html>
  `);
}

function header(ui: Ui, frame: Frame): VNode {
  const { t } = ui;
  const environment = frame.sandbox ? t("frame.sandbox") : t("frame.live");
  return html`
    <header class="top">
      <a class="brand" href="/admin/inbox">Moca</a>
      <span class=${`badge ${frame.sandbox ? "sandbox" : "live"}`}>${environment}</span>
      <span id="agent-state">${agentState(ui, frame)}</span>
      ${connectionState(ui, frame)}
      <span class="spacer"></span>
      ${keySheetButton(ui)}
      <a class="button quiet" href="/admin/display" aria-label=${t("display.title")} title=${t("display.title")}>${icon(
        "sliders",
      )}</a>
      <form method="post" action="/admin/logout" class="inline">
        <input type="hidden" name="_csrf" value=${ui.csrf} />
        <button class="button quiet" aria-label=${t("frame.signOut")}>${icon("logOut")}<span class="wide">${t(
          "frame.signOut",
        )}</span></button>
      </form>
    </header>
  `;
}

function agentState({ t }: Ui, { agent }: Frame): Child {
  if (agent === undefined) return undefined;
  return html`<a class=${`agent ${agent}`} href="/admin/settings">${icon("bot")}<span>${
    t(`frame.agent.${agent}`)
  }</span></a>`;
}

/** Whether what is shown keeps itself up to date; the script says which of the words is true. */
function connectionState({ t }: Ui, { liveFrom = 0 }: Frame): VNode {
  return html`
    <span id="connection" class="connection" data-state="connecting" data-href=${`/admin/events?after=${liveFrom}`}>
      <span data-when="live">${t("connection.live")}</span>
      <span data-when="reconnecting">${t("connection.reconnecting")}</span>
      <span data-when="offline">${t("connection.offline")} <time></time></span>
    </span>
    <noscript><a class="connection" href="">${t("connection.refresh")}</a></noscript>
  `;
}

/** What changes by itself around a page. */
export function frameLiveParts(ui: Ui, frame: Frame, current: Section): readonly VNode[] {
  return [
    ...navEntries(ui, frame, current),
    html`<hx-partial hx-target="#agent-state" hx-swap="innerMorph">${agentState(ui, frame)}</hx-partial>`,
    html`<hx-partial hx-target="#banners" hx-swap="innerMorph">${banners(ui, frame)}</hx-partial>`,
  ];
}

export function languageLinks(ui: Ui, path: string): VNode {
  const link = (locale: Locale): Child =>
    html`
      <a href=${withPart(
        path,
        "lang",
        locale,
      )} lang=${locale} hreflang=${locale} title=${languageNames[locale]} aria-current=${locale === ui.locale
        ? "true"
        : undefined}>${locale
        .toUpperCase()}</a>
    `;
  return html`<nav class="languages" aria-label=${ui.t("frame.language")}>${locales.map(link)}</nav>`;
}

function banners(ui: Ui, { alerts }: Frame): Child {
  return alerts.map((alert) =>
    notice(
      alert.kind === "paused" ? "bad" : "warn",
      html`${icon("circleAlert")} ${nameOf(alert)}${alertText(ui, alert)}`,
    )
  );
}

/** Whose account it is about, where there are several. */
function nameOf(alert: Alert): string {
  return "name" in alert && alert.name !== undefined ? `${alert.name}: ` : "";
}

function alertText(ui: Ui, alert: Alert): Child {
  const { t, locale, role } = ui;
  const settings = role === "admin" ? html`<a href="/admin/settings">${t("nav.settings")}</a>` : undefined;
  switch (alert.kind) {
    case "botOff":
      return html`${t("frame.botOff")} ${settings}`;
    case "paused":
      return t("frame.paused", { reason: translateReason(locale, alert.reason) });
    case "tokenEnds":
      return t("frame.tokenEnds", { days: alert.days });
    case "brokenRules":
      return html`${
        t(alert.isRunning ? "frame.brokenRules" : "frame.unreadRules", {
          place: placeOf(alert),
          since: briefTime(ui, alert.since),
        })
      } <a href="/admin/rules">${t("nav.rules")}</a>`;
    case "silentWebhook":
      return html`${t("frame.silentWebhook", { since: duration(ui, ui.now.getTime() - alert.since.getTime()) })}
        ${role === "admin" ? html`<a href="/admin/doctor">${t("doctor.title")}</a>` : undefined}`;
  }
}
