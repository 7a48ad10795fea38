import { type Child, html, type VNode } from "@views/html.ts";
import { type CannedChoice, cannedPicker, elsewhere } from "@views/parts/canned_picker.ts";
import { csrfField } from "@views/parts/form.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { icon } from "@views/parts/icon.ts";
import { visible } from "@views/parts/linked_text.ts";
import { duration, longDate, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** `reply`: to the contact · `note`: for the team alone. */
export type Writing = "reply" | "note";

export interface Newer {
  readonly by: "bot" | "instagramApp" | { readonly operator: string };
  readonly text: string;
  readonly at: Date;
}

export interface ComposerData {
  readonly conversationId: string;
  readonly accountId: string;
  readonly contactName: string;
  /** Made by the server, once per form: the same form sent twice acts once. */
  readonly commandId: string;
  /** `open`: anybody may send · `person`: only a person, knowingly, under Instagram's tag · `closed`: nobody. */
  readonly window: "open" | "person" | "closed";
  readonly windowClosesAt?: Date;
  /** What stands in the field: after a problem, or a draft taken over. */
  readonly text: string;
  /** What the text is meant to become. */
  readonly writing: Writing;
  /** The draft that is being edited; absent: a message of the operator's own. */
  readonly draftId?: string;
  /** Since when the text is kept; absent: it is not what the operator had typed before. */
  readonly savedAt?: Date;
  /** Of the newest answer that the page shows, in ms. */
  readonly seenUpTo: number;
  readonly canned: readonly CannedChoice[];
  /** Of the list beside it, from `?` on: where the next conversation is looked for. */
  readonly query: string;
  /** In words; absent when all is well. */
  readonly problem?: string;
  /** The answer that somebody else gave meanwhile; sending again sends all the same. */
  readonly newer?: Newer;
  /** Sending will take the conversation from the bot, unless it is kept. */
  readonly takesOver: boolean;
  readonly keepsBot: boolean;
}

/** Where an operator writes. Never part of a region that refreshes by itself. */
export function composer(ui: Ui, data: ComposerData): VNode {
  return html`
    <div id="composer" class="composer">
      <p class="problem" role="alert" data-unsent hidden>${ui.t("composer.unsent")}</p>
      ${data.problem === undefined
        ? undefined
        : html`<p class="problem" role="alert">${data.problem}${
          data.newer === undefined ? undefined : newerLine(ui, data.newer)
        }</p>`}
      ${ui.role === "viewer"
        ? html`<p class="closed muted">${ui.t("composer.viewer")}</p>`
        : data.window === "open"
        ? openForm(ui, data)
        : closedWindow(ui, data)}
    </div>
  `;
}

/** "Bot, 8 s ago: …" */
function newerLine(ui: Ui, { by, text, at }: Newer): VNode {
  const who = typeof by === "string" ? ui.t(`author.${by}`) : ui.t("author.operator", { name: visible(by.operator) });
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const ago = ui.t("composer.newer", { who, ago: duration(ui, ui.now.getTime() - at.getTime()) });
  return html`<span class="newer"> ${time(ui, at, ago)} <q dir="auto">${visible(shown)}</q></span>`;
}

function openForm(ui: Ui, data: ComposerData): VNode {
  if (data.draftId !== undefined) return writingForm(ui, data, { writes: ["reply"] });
  return writingForm(ui, data, { writes: ["reply", "note"] });
}

/** Notes may be written at any time; to the contact only what Instagram lets through. */
function closedWindow(ui: Ui, data: ComposerData): Child {
  const { t } = ui;
  const when = data.windowClosesAt === undefined ? undefined : longDate(ui, data.windowClosesAt);
  const isNote = data.writing === "note";
  return html`
    <div class="closed">
      <p>${icon("ban")} <strong>${t("composer.closed.title")}</strong> ${when === undefined
        ? t("composer.closed.never")
        : t("composer.closed.text", { when })}</p>
      ${data.window === "person" ? humanAgent(ui, isNote ? { ...data, text: "" } : data) : undefined}
      ${writingForm(ui, isNote ? data : { ...data, text: "" }, { writes: ["note"] })}
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
      ${writingForm(ui, data, { writes: ["reply"], tag: tick })}
    </details>
  `;
}

interface FormShape {
  /** What the form can write; of two the operator chooses. */
  readonly writes: readonly Writing[];
  /** What a message after the window must be sent with. */
  readonly tag?: VNode;
}

function writingForm(ui: Ui, data: ComposerData, { writes, tag }: FormShape): VNode {
  const base = `/admin/inbox/${encodeURIComponent(data.conversationId)}`;
  const action = `${base}/${data.draftId === undefined ? "messages" : "draft/send"}${data.query}`;
  const isNoteOnly = !writes.includes("reply");
  return html`
    <form method="post" action=${action} hx-post=${action} hx-include="#shown-since" hx-target="#composer"
      hx-swap="outerHTML" class=${isNoteOnly ? "note" : undefined}
      data-typed=${`${base}/typed`}>
      ${csrfField(ui)}
      <input type="hidden" name="commandId" value=${data.commandId} />
      ${data.draftId === undefined ? undefined : html`<input type="hidden" name="draftId" value=${data.draftId} />`}
      <input type="hidden" name="seen" value=${data.seenUpTo} />
      ${tag}
      <div class="composer-top">
        ${writes.length > 1 ? kinds(ui, data) : undefined}
        ${isNoteOnly ? html`<input type="hidden" name="kind" value="note" />` : undefined}
        ${isNoteOnly ? undefined : cannedPicker(ui, data, `${base}/canned${data.query}`)}
      </div>
      ${field(ui, data, { writes, tag })}
      ${foot(ui, data, isNoteOnly)}
    </form>
  `;
}

function kinds(ui: Ui, { writing }: ComposerData): VNode {
  const radio = (kind: Writing): VNode =>
    html`
      <label
        class="tick"><input type="radio" name="kind" value=${kind} checked=${kind === writing} ...${pressedBy(
          ui,
          kind,
        )} autocomplete="off" /> ${ui.t(`composer.kind.${kind}`)}</label>
    `;
  return html`
    <fieldset class="kinds">
      <legend class="hidden">${ui.t("composer.kind")}</legend>
      ${radio("reply")}${radio("note")}
    </fieldset>
  `;
}

function field(ui: Ui, data: ComposerData, { writes, tag }: FormShape): VNode {
  const isNoteOnly = !writes.includes("reply");
  const id = tag === undefined ? "text" : "agent-text";
  const label = isNoteOnly ? ui.t("composer.note.label") : ui.t("composer.label", { name: data.contactName });
  const key = writes.length > 1 ? {} : pressedBy(ui, isNoteOnly ? "note" : "reply");
  const bytes = isNoteOnly ? {} : { "data-bytes": "1000" };
  return html`
    <label class="hidden" for=${id}>${label}</label>
    <textarea id=${id} name="text" ...${key} ...${bytes} rows="2" dir="auto" required maxlength="10000"
      placeholder=${label}
      aria-describedby=${`${id}-hint`}>${data.text}</textarea>
  `;
}

function foot(ui: Ui, data: ComposerData, isNoteOnly: boolean): VNode {
  const { t } = ui;
  const id = data.window === "open" || isNoteOnly ? "text" : "agent-text";
  const noteButton = html`${icon("lock")}${t("composer.note.save")}`;
  const replyButton = html`${icon("send")}${t(data.newer === undefined ? "composer.send" : "composer.sendAnyway")}`;
  return html`
    <div class="composer-foot">
      <p id=${`${id}-hint`} class="hint">${isNoteOnly ? t("composer.note.hint") : [
        html`<span class="for-reply">${t(hintOf(data))}</span>`,
        html`<span class="for-note">${t("composer.note.hint")}</span>`,
        html`
          <output class="bytes for-reply" for=${id}></output>
        `,
      ]} ${savedState(ui, data)}</p>
      ${isNoteOnly || !data.takesOver ? undefined : keepBot(ui, data)}
      ${data.newer === undefined ? undefined : discardButton(ui, data)}
      ${isNoteOnly || data.draftId !== undefined ? undefined : nextButton(ui)}
      ${isNoteOnly
        ? html`<button class="button">${noteButton}</button>`
        : html`<button class="button primary"><span class="label for-reply">${replyButton}</span><span
            class="label for-note">${noteButton}</span></button>`}
    </div>
  `;
}

/** For who only adds something to what the bot says. */
function keepBot({ t }: Ui, { keepsBot }: ComposerData): VNode {
  return html`<label class="tick small for-reply"><input type="checkbox" name="keepsBot" value="yes" checked=${keepsBot}
    autocomplete="off" /> ${t("composer.keepBot")}</label>`;
}

/** Sends, marks as done and goes on with the next one of the list. */
function nextButton(ui: Ui): VNode {
  const label = ui.t("composer.sendNext");
  return html`
    <button class="button quiet for-reply" name="then" value="next" aria-label=${label}
      ...${pressedBy(ui, "sendNext")}>${icon("checkCheck")}</button>
  `;
}

/** The script shows the words as soon as a text is kept. */
function savedState({ t }: Ui, { savedAt }: ComposerData): VNode {
  return html`<output class="saved" hidden=${savedAt === undefined} data-failed=${t("composer.notSaved")} data-saved=${
    t("composer.saved")
  }>${t("composer.saved")}</output>`;
}

function discardButton(ui: Ui, { conversationId, query }: ComposerData): VNode {
  const action = `/admin/inbox/${encodeURIComponent(conversationId)}/typed/discard${query}`;
  return html`<button class="button quiet" ...${elsewhere(action)}>${ui.t("composer.discard")}</button>`;
}

function hintOf({ draftId, takesOver }: ComposerData): "draft.editing" | "composer.hint.takesOver" | "composer.hint" {
  if (draftId !== undefined) return "draft.editing";
  return takesOver ? "composer.hint.takesOver" : "composer.hint";
}
