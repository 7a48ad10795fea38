import { html, type VNode } from "@views/html.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import type { Frame, Ui } from "@views/ui.ts";

export type Section = "inbox" | "dashboard" | "rules" | "simulator" | "queue" | "settings";

/** The section of that name; the inbox for anything else. */
export function sectionNamed(name: string | undefined): Section {
  return name !== undefined && Object.hasOwn(icons, name) ? name as Section : "inbox";
}

const icons: Readonly<Record<Section, IconName>> = {
  inbox: "inbox",
  dashboard: "chart",
  rules: "listChecks",
  simulator: "smartphone",
  queue: "send",
  settings: "settings",
};

/** The way between the sections: a rail beside the page, a bar below it on phones. */
export function nav(ui: Ui, frame: Frame, current: Section): VNode {
  return html`
    <nav id="rail" class="rail" aria-label=${ui.t("frame.sections")} data-live=""
      hx-get=${`/admin/frame?section=${current}`} hx-trigger="live" hx-swap="innerMorph">${navEntries(
        ui,
        frame,
        current,
      )}</nav>
  `;
}

/** The sections, each with how many things wait there for a person. */
export function navEntries(ui: Ui, frame: Frame, current: Section): VNode[] {
  const sections = (Object.keys(icons) as Section[]).filter((section) =>
    section === "simulator" ? frame.sandbox : section !== "settings" || ui.role === "admin"
  );
  const counts: Partial<Record<Section, number>> = { inbox: frame.needed, queue: frame.stuck };
  return sections.map((section) => entry(ui, section, { isCurrent: section === current, count: counts[section] ?? 0 }));
}

function entry(ui: Ui, section: Section, { isCurrent, count }: { isCurrent: boolean; count: number }): VNode {
  return html`
    <a href=${`/admin/${section}`} aria-current=${isCurrent ? "page" : undefined}>
      ${icon(icons[section])}<span>${ui.t(`nav.${section}`)}</span>
      ${count === 0
        ? undefined
        : html`<span class="count">${count > 99 ? "99+" : count}<span class="hidden"> ${
          ui.t(`nav.${section === "queue" ? "queueCount" : "inboxCount"}`)
        }</span></span>`}
    </a>
  `;
}
