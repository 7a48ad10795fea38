import { html, type VNode } from "@views/html.ts";
import { countText } from "@views/parts/count.ts";
import type { Ui } from "@views/ui.ts";

/** Conversations that people took from the bot and gave back to it by a click, and texts that they sent. */
export interface ByHand {
  readonly taken: number;
  readonly givenBack: number;
  readonly sent: number;
  /** There was so much that only the newest was counted. */
  readonly atLeast: boolean;
}

export function byHandLine(ui: Ui, { atLeast, ...counts }: ByHand): VNode {
  const { t } = ui;
  const shown = (count: number): string => countText(ui, { count, atLeast });
  const names = ["taken", "givenBack", "sent"] as const;
  return html`
    <p class="card"><span class="muted">${t("dashboard.byHand")}</span> ${names.map((name) =>
      `${shown(counts[name])} ${t(`dashboard.byHand.${name}`)}`
    ).join(" · ")}</p>
  `;
}
