import { type Child, html, type VNode } from "@views/html.ts";
import { csrfField } from "@views/parts/form.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { icon } from "@views/parts/icon.ts";
import { longDate } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface ComposerData {
  readonly conversationId: string;
  readonly contactName: string;
  /** Made by the server, once per form: the same form sent twice acts once. */
  readonly commandId: string;
  /** `open`: anybody may send · `person`: only a person, knowingly, under Instagram's tag · `closed`: nobody. */
  readonly window: "open" | "person" | "closed";
  readonly windowClosesAt?: Date;
  /** What stands in the field: after a problem, or a draft taken over. */
  readonly text: string;
  /** The draft that is being edited; absent: a message of the operator's own. */
  readonly draftId?: string;
  /** In words; absent when all is well. */
  readonly problem?: string;
  /** Sending will take the conversation from the bot. */
  readonly takesOver: boolean;
}

/** Where an operator writes. Never part of a region that refreshes by itself. */
export function composer(ui: Ui, data: ComposerData): VNode {
  return html`
    <div id="composer" class="composer">
      ${data.problem === undefined ? undefined : html`<p class="problem" role="alert">${data.problem}</p>`}
      ${ui.role === "viewer"
        ? html`<p class="closed muted">${ui.t("composer.viewer")}</p>`
        : data.window === "open"
        ? messageForm(ui, data)
        : closedNotice(ui, data)}
    </div>
  `;
}

function messageForm(ui: Ui, data: ComposerData, tag?: VNode): VNode {
  const { t } = ui;
  const base = `/admin/inbox/${encodeURIComponent(data.conversationId)}`;
  const action = data.draftId === undefined ? `${base}/messages` : `${base}/draft/send`;
  return html`
    <form method="post" action=${action} hx-post=${action} hx-target="#composer" hx-swap="outerHTML">
      ${csrfField(ui)}
      <input type="hidden" name="commandId" value=${data.commandId} />
      ${data.draftId === undefined ? undefined : html`<input type="hidden" name="draftId" value=${data.draftId} />`}
      ${tag}
      <label class="hidden" for="text">${t("composer.label", { name: data.contactName })}</label>
      <textarea id="text" name="text" ...${pressedBy(
        ui,
        "reply",
      )} rows="2" dir="auto" required maxlength="10000" data-bytes="1000"
        placeholder=${t("composer.label", { name: data.contactName })} aria-describedby="composer-hint">${data
          .text}</textarea>
      <div class="composer-foot">
        <p id="composer-hint" class="hint">${t(hintOf(data))} <output class="bytes" for="text"></output></p>
        <button class="button primary">${icon("send")}${t("composer.send")}</button>
      </div>
    </form>
  `;
}

function hintOf({ draftId, takesOver }: ComposerData): "draft.editing" | "composer.hint.takesOver" | "composer.hint" {
  if (draftId !== undefined) return "draft.editing";
  return takesOver ? "composer.hint.takesOver" : "composer.hint";
}

function closedNotice(ui: Ui, data: ComposerData): VNode {
  const { t } = ui;
  const when = data.windowClosesAt === undefined ? undefined : longDate(ui, data.windowClosesAt);
  return html`
    <div class="closed">
      <p>${icon("ban")} <strong>${t("composer.closed.title")}</strong> ${when === undefined
        ? t("composer.closed.never")
        : t("composer.closed.text", { when })}</p>
      ${data.window === "person" ? humanAgent(ui, data) : undefined}
    </div>
  `;
}

function humanAgent(ui: Ui, data: ComposerData): Child {
  const { t } = ui;
  const tick = html`<label class="tick"><input type="checkbox" name="tag" value="HUMAN_AGENT" required /> ${
    t("composer.humanAgent.tick")
  }</label>`;
  return html`
    <details id="human-agent" open=${data.text !== ""}>
      <summary>${t("composer.humanAgent.title")}</summary>
      <p class="hint">${t("composer.humanAgent.text")}</p>
      ${messageForm(ui, data, tick)}
    </details>
  `;
}
