import { type Child, html, type VNode } from "@views/html.ts";
import { notice } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import { settingsFields } from "@views/settings_fields.ts";
import type { Ui } from "@views/ui.ts";

type Values = Readonly<Record<string, string>>;

export interface SettingsConflict {
  /** What the form holds. */
  readonly typed: Values;
  /** What somebody else has saved meanwhile. */
  readonly stored: Values;
}

/** Longer values are told by their beginning. */
const shownLength = 80;

/** Somebody else was faster: each setting that differs with both values, and what can be done. */
export function conflictNotice(ui: Ui, { typed, stored }: SettingsConflict, here: string): VNode {
  const { t } = ui;
  const differing = settingsFields.filter(({ name, kind }) =>
    Object.keys(typed).some((control) => isOf(control, { name, kind }) && typed[control] !== stored[control])
  );
  return notice(
    "bad",
    html`
      <div>
        <p>${t("settings.conflict")}</p>
        <ul>${differing.map(({ name, kind }) =>
          html`<li><a href=${`#${name}`}>${t(`setting.${name}`)}</a>${
            hasSeveral.has(kind) ? undefined : both(ui, kind, [stored[name] ?? "", typed[name] ?? ""])
          }</li>`
        )}</ul>
        <p>${t("settings.conflict.how")} <a href=${here}>${t("settings.conflict.theirs")}</a></p>
      </div>
    `,
  );
}

/** Settings of several controls. */
const hasSeveral: ReadonlySet<string> = new Set(["hours", "topics", "contactFields"]);

/** Whether the control belongs to the setting; rows that are not there have no choice. */
function isOf(control: string, { name, kind }: { readonly name: string; readonly kind: string }): boolean {
  if (kind === "hours") return control === "alwaysOpen" || control.startsWith("hours.");
  if (hasSeveral.has(kind)) return control.startsWith(`${name}.`) && !/\.(mode|kind)$/.test(control);
  return control === name;
}

function both(ui: Ui, kind: string, [stored, typed]: readonly [string, string]): Child {
  const words = (value: string): Child => {
    if (kind === "switch") return ui.t(value === "yes" ? "audit.value.yes" : "audit.value.no");
    return value === "" ? ui.t("audit.value.none") : html`<q dir="auto">${visible(value.slice(0, shownLength))}</q>`;
  };
  return html`: ${ui.t("settings.conflict.stored")} ${words(stored)}, ${ui.t("settings.conflict.typed")} ${
    words(typed)
  }`;
}
