import { html, type VNode } from "@views/html.ts";
import { pressedBy } from "@views/parts/keys.ts";
import type { Ui } from "@views/ui.ts";

const tabs = [["chain", "/admin/rules"], ["try", "/admin/rules/try"], ["rewind", "/admin/rules/rewind"]] as const;

export type RulesTab = (typeof tabs)[number][0];

/** The chain, and the two ways to try it out; where there is no box for a text, the search key leads to one. */
export function rulesTabs(ui: Ui, current: RulesTab): VNode {
  const { t } = ui;
  const key = (tab: RulesTab): Readonly<Record<string, string>> =>
    tab === "try" && current === "rewind" ? pressedBy(ui, "search") : {};
  return html`
    <nav class="tabs" aria-label=${t("nav.rules")}>${tabs.map(([tab, path]) =>
      html`<a href=${path} aria-current=${tab === current ? "page" : undefined} ...${key(tab)}>${
        t(`rules.tab.${tab}`)
      }</a>`
    )}</nav>
  `;
}
