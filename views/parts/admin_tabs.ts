import { html, type VNode } from "@views/html.ts";
import type { Ui } from "@views/ui.ts";

const tabs = ["settings", "replies", "people", "doctor", "audit", "display"] as const;

/** The way between the pages that only admins have. */
export function adminTabs(ui: Ui, current: typeof tabs[number]): VNode {
  return html`
    <nav class="tabs" aria-label=${ui.t("admin.tabs")}>${tabs.map((tab) =>
      html`<a href=${`/admin/${tab}`} aria-current=${tab === current ? "page" : undefined}>${
        ui.t(`admin.tab.${tab}`)
      }</a>`
    )}</nav>
  `;
}
