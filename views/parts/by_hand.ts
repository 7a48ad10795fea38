import { type Child, html, type VNode } from "@views/html.ts";
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

/** What the audit log, which is for admins, calls each. */
const actions = { taken: "conversation.change", givenBack: "conversation.change", sent: "message.send" } as const;

export function byHandLine(ui: Ui, { atLeast, ...counts }: ByHand): VNode {
  const { t } = ui;
  const shown = (count: number): string => countText(ui, { count, atLeast });
  const names = ["taken", "givenBack", "sent"] as const;
  const told = (name: typeof names[number]): Child => {
    const text = `${shown(counts[name])} ${t(`dashboard.byHand.${name}`)}`;
    return ui.role === "admin" ? html`<a href=${`/admin/audit?action=${actions[name]}`}>${text}</a>` : text;
  };
  const separated = names.map((name, index) => [index === 0 ? "" : " · ", told(name)]);
  return html`
    <p class="card"><span class="muted">${t("dashboard.byHand")}</span> ${separated}</p>
  `;
}
