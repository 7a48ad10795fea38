import type { Account } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { longDate, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface DeletionData {
  readonly code: string;
  /** Absent when nothing is kept for whoever asked. */
  readonly deletion?: Account["deletion"];
}

/** How far a deletion is that Meta was asked for. */
export function deletionPage(ui: Ui, { code, deletion }: DeletionData): VNode {
  const { t } = ui;
  return html`
    <div class="problem-page">
      <h1>${t("deletion.title")}</h1>
      ${deletion === undefined ? html`<p>${t("deletion.none")}</p>` : html`
        <p>${t("deletion.asked")} ${time(ui, deletion.requestedAt, longDate(ui, deletion.requestedAt))}</p>
        <p><strong>${deletion.doneAt === undefined
          ? t("deletion.running")
          : t("deletion.done")}</strong> ${deletion.doneAt === undefined
          ? undefined
          : time(ui, deletion.doneAt, longDate(ui, deletion.doneAt))}</p>
      `}
      <p class="muted">${t("deletion.code")} <code>${code}</code></p>
    </div>
  `;
}
