import type { OutboundItem } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { csrfField, notice } from "@views/parts/form.ts";
import { type QueueFilter, queueQuery } from "@views/parts/queue_filters.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** States of which everything can be acted on at once. */
export const allStates = ["failed", "expired", "held"] as const;
export type AllState = typeof allStates[number];

export interface QueueAllData {
  readonly state: AllState;
  readonly action: "retry" | "discard";
  readonly total: number;
  /** More than this are not acted on at once. */
  readonly most: number;
  /** The newest few. */
  readonly samples: readonly OutboundItem[];
  /** What comes later is left alone. */
  readonly until: Date;
  /** What the state is narrowed by, as in the queue's address. */
  readonly filter: QueueFilter;
  readonly contact: string;
}

/** Says what would be done to how many, with some of them, and asks. */
export function queueAllPage(ui: Ui, data: QueueAllData): VNode {
  const { t } = ui;
  const { state, action, total, most, until } = data;
  const query = queueQuery(data);
  return html`
    <div class="page-body">
      <h1>${t(`queue.all.${action}`, { count: Math.min(total, most) })}</h1>
      <section class="card stack">
        <p>${t("queue.all.asOf", { state: t(`delivery.${state}`), total })} ${time(
          ui,
          until,
          briefTime(ui, until),
        )}. ${t("queue.all.later")}</p>
        ${total > most ? notice("info", t("queue.all.most", { most })) : undefined}
        ${state === "held" && action === "retry" ? notice("warn", t("queue.all.held")) : undefined}
        <ul>${data.samples.map(({ text, createdAt }) =>
          html`<li><span dir="auto">${visible(text.slice(0, 120))}</span> <span class="muted small">${
            time(ui, createdAt, briefTime(ui, createdAt))
          }</span></li>`
        )}</ul>
        ${total > data.samples.length
          ? html`<p class="muted small">${t("queue.all.more", { count: total - data.samples.length })}</p>`
          : undefined}
        <form method="post" action=${`/admin/queue/all?${query}`} class="actions">
          ${csrfField(ui)}
          <input type="hidden" name="until" value=${until.toISOString()} />
          <input type="hidden" name="commandId" value=${crypto.randomUUID()} />
          <button class=${`button ${action === "discard" ? "danger" : "primary"}`} name="action" value=${action}
            disabled=${total === 0}>${t(`queue.all.${action}`, { count: Math.min(total, most) })}</button>
          <a class="button" href=${`/admin/queue?${query}`}>${t("queue.all.back")}</a>
        </form>
      </section>
    </div>
  `;
}
