import type { WaitingDraft } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { withPart } from "@views/parts/address.ts";
import { actionButton } from "@views/parts/form.ts";
import { icon } from "@views/parts/icon.ts";
import { chip, windowChip } from "@views/parts/chip.ts";
import type { Ui } from "@views/ui.ts";

export interface DraftData {
  readonly conversationId: string;
  readonly draft: WaitingDraft;
  /** Whether it may leave as it is: Instagram's window is open. */
  readonly canSend: boolean;
  /** Of the list beside it, from `?` on: it stays as it is. */
  readonly query: string;
  readonly windowClosesAt?: Date;
}

/** A draft that waits for a person. Its buttons carry its id and a command made of it, so that two clicks act once. */
export function draftPanel(ui: Ui, { conversationId, draft, canSend, query, windowClosesAt }: DraftData): VNode {
  const { t } = ui;
  const base = `/admin/inbox/${encodeURIComponent(conversationId)}`;
  const fields = (what: string): Record<string, string> => ({
    draftId: draft.id,
    commandId: `draft-${draft.id}-${what}`,
  });
  return html`
    <section class="draft-panel" aria-label=${t("draft.title")}>
      <p class="draft-head muted small">${icon("bot")} ${t("draft.title")}${draft.topic === undefined
        ? undefined
        : html`
          <span class="chip plain">${t("draft.topic", { topic: draft.topic })}</span>
        `}${windowChip(ui, windowClosesAt)}</p>
      ${draft.texts.map((text) => html`<p class="text" dir="auto">${text}</p>`)}
      ${draft.quickReplies === undefined
        ? undefined
        : html`<p class="chips">${draft.quickReplies.map((title) => chip("plain", "send", title))}</p>`}
      ${canSend ? undefined : html`<p class="problem">${t("draft.windowClosed")}</p>`}
      <div class="actions">
        ${canSend
          ? actionButton(ui, {
            action: `${base}/draft/send${query}`,
            label: t("draft.send"),
            tone: "primary",
            fields: fields("send"),
            icon: icon("send"),
          })
          : undefined}
        <a class="button" href=${`${withPart(`${base}${query}`, "draft", draft.id)}#composer`}>${t("draft.use")}</a>
        ${actionButton(ui, {
          action: `${base}/draft/discard${query}`,
          label: t("draft.discard"),
          tone: "quiet",
          fields: fields("discard"),
        })}
      </div>
    </section>
  `;
}
