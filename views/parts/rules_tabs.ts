import { html, type VNode } from "@views/html.ts";
import type { Ui } from "@views/ui.ts";

const tabs = [["chain", "/admin/rules"], ["try", "/admin/rules/try"], ["rewind", "/admin/rules/rewind"]] as const;

export type RulesTab = (typeof tabs)[number][0];

/** The chain, and the two ways to try it out. */
export function rulesTabs({ t }: Ui, current: RulesTab): VNode {
  return html`
    <nav class="tabs" aria-label=${t("nav.rules")}>${tabs.map(([tab, path]) =>
      html`<a href=${path} aria-current=${tab === current ? "page" : undefined}>${t(`rules.tab.${tab}`)}</a>`
    )}</nav>
  `;
}
