import { html, type VNode } from "@views/html.ts";
import { shortcutOf } from "@views/canned.ts";
import { icon } from "@views/parts/icon.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { visible } from "@views/parts/linked_text.ts";
import type { Ui } from "@views/ui.ts";

/** A ready reply, filled in for the contact as far as it can be. */
export interface CannedChoice {
  readonly id: string;
  readonly title: string;
  readonly shortcut: string;
  readonly text: string;
}

/** A button of the form that leads elsewhere, with or without the script. */
export function elsewhere(action: string): Readonly<Record<string, string | boolean>> {
  const swap = { "hx-post": action, "hx-include": "#shown-since", "hx-target": "#composer", "hx-swap": "outerHTML" };
  return { formaction: action, formnovalidate: true, ...swap };
}

/** The ready replies: each a button that puts its text behind what is typed by `action`; the script puts it at the cursor. */
export function cannedPicker(
  ui: Ui,
  { canned, accountId }: { readonly canned: readonly CannedChoice[]; readonly accountId: string },
  action: string,
): VNode {
  const { t } = ui;
  return html`
    <details id="canned" class="canned">
      <summary ...${pressedBy(ui, "canned")}>${icon("listChecks")} ${t("canned.pick")}</summary>
      <div class="card canned-list">
        <input type="search" hidden aria-label=${t("canned.search")} placeholder=${t(
          "canned.search",
        )} autocomplete="off" />
        ${canned.length === 0 ? html`<p class="muted">${t("canned.none")}</p>` : html`
          <ul>${canned.map((choice) =>
            html`<li><button class="choice" data-canned name="canned" value=${choice.id} ...${elsewhere(action)}><strong
              dir="auto">${visible(choice.title)}</strong> ${shortcutOf(choice.shortcut)}<span class="muted excerpt"
              dir="auto">${choice.text}</span></button></li>`
          )}</ul>
        `}
        <p><a href=${`/admin/replies?account=${encodeURIComponent(accountId)}`}>${t("canned.manage")}</a></p>
      </div>
    </details>
  `;
}
