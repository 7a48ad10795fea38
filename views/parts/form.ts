import { type Child, html, type VNode } from "@views/html.ts";
import { type KeyName, pressedBy } from "@views/parts/keys.ts";
import type { Ui } from "@views/ui.ts";

/** The hidden field without which no form is taken. */
export function csrfField(ui: Ui): VNode {
  return html`<input type="hidden" name="_csrf" value=${ui.csrf} />`;
}

/** A form of one button: something that a person may do; nothing for who only reads. */
export function actionButton(
  ui: Ui,
  { action, label, tone = "plain", fields = {}, described, icon, key }: {
    action: string;
    label: string;
    tone?: "plain" | "primary" | "quiet";
    fields?: Readonly<Record<string, string>>;
    /** Read out after the label, to tell equal buttons apart. */
    described?: string;
    icon?: Child;
    /** What presses it from the keyboard. */
    key?: KeyName;
  },
): Child {
  if (ui.role === "viewer") return undefined;
  return html`
    <form method="post" action=${action} class="inline">
      ${csrfField(ui)}
      ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`)}
      <button class=${`button ${tone}`} aria-label=${described && `${label}: ${described}`} ...${key === undefined
        ? {}
        : pressedBy(ui, key)}>${icon}${label}</button>
    </form>
  `;
}

/** The same for what cannot be taken back: behind a first click stand what it means and the button, without a script. */
export function confirmButton(
  ui: Ui,
  { action, label, question, described }: {
    readonly action: string;
    readonly label: string;
    /** What it means, for whoever has clicked in haste. */
    readonly question: string;
    /** Read out after the label, to tell equal buttons apart. */
    readonly described: string;
  },
): Child {
  if (ui.role === "viewer") return undefined;
  return html`
    <details class="confirm">
      <summary class="button quiet" aria-label=${`${label}: ${described}`}>${label}…</summary>
      <form method="post" action=${action} class="actions">
        ${csrfField(ui)}
        <p>${question}</p>
        <button class="button danger" aria-label=${`${label}: ${described}`}>${label}</button>
      </form>
    </details>
  `;
}

/** A message above a form or page: what went well, or what did not. */
export function notice(tone: "ok" | "warn" | "bad" | "info", content: Child): VNode {
  const role = tone === "bad" ? "alert" : "status";
  return html`<div class=${`notice ${tone}`} role=${role}>${content}</div>`;
}
