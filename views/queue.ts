import type { OutboundItem, OutboundState } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { type InstanceRow, instancesTable } from "@views/parts/instances.ts";
import { botAuthor, itemDelivery } from "@views/parts/delivery.ts";
import { notice } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** The states that a person looks for, those that need one first. */
export const queueStates: readonly OutboundState[] = [
  "failed",
  "held",
  "expired",
  "uncertain",
  "queued",
  "sending",
  "cancelled",
  "sent",
];

export interface QueueData {
  /** Absent when the store could not tell. */
  readonly counts: Readonly<Record<OutboundState, number>>;
  /** Absent: everything that is not settled. */
  readonly state?: OutboundState;
  readonly items: readonly { readonly item: OutboundItem; readonly contactName: string }[];
  readonly total: number;
  readonly nextQuery?: string;
  readonly instances: readonly InstanceRow[];
  /** Path of this view, to come back to. */
  readonly path: string;
  readonly refused?: string;
}

export function queuePage(ui: Ui, data: QueueData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.queue")}</h1>
      ${data.refused === undefined
        ? undefined
        : notice("bad", t("queue.refused", { reason: translateReason(ui.locale, data.refused) }))}
      <div id="queue" hx-get=${data.path} data-live="" hx-trigger="live" hx-swap="innerMorph">${queueRegion(
        ui,
        data,
      )}</div>
    </div>
  `;
}

/** Counts and items: what changes by itself. */
export function queueRegion(ui: Ui, data: QueueData): VNode {
  const { t } = ui;
  return html`
    <div>
      <nav class="tiles" aria-label=${t("queue.states")}>
        <a href="/admin/queue" aria-current=${data.state === undefined ? "page" : undefined}><strong>${openCount(
          data,
        )}</strong> ${t("queue.open")}</a>
        ${queueStates.map((state) =>
          html`
            <a class=${data.counts[state] === 0
              ? "zero"
              : ""} href=${`/admin/queue?state=${state}`} aria-current=${state === data.state
              ? "page"
              : undefined}><strong>${data.counts[state]}</strong> ${t(`delivery.${state}`)}</a>
          `
        )}
      </nav>
      ${data.items.length === 0 ? html`<p class="card empty">${t("queue.empty")}</p>` : table(ui, data)}
      ${data.nextQuery === undefined
        ? undefined
        : html`<p class="pager"><a href=${`/admin/queue${data.nextQuery}`}>${t("queue.more")}</a></p>`}
      ${data.instances.length === 0 ? undefined : instancesTable(ui, data.instances)}
    </div>
  `;
}

function openCount({ counts }: QueueData): number {
  return counts.failed + counts.held + counts.expired + counts.uncertain + counts.queued + counts.sending;
}

function table(ui: Ui, data: QueueData): VNode {
  const { t } = ui;
  return html`
    <div class="card flush">
      <table class="cards">
        <caption class="hidden">${t("queue.caption", { total: data.total })}</caption>
        <thead>
          <tr>
            <th scope="col" class="nowrap">${t("queue.contact")}</th>
            <th scope="col" class="nowrap">${t("queue.text")}</th>
            <th scope="col" class="nowrap">${t("queue.from")}</th>
            <th scope="col" class="nowrap">${t("queue.state")}</th>
            <th scope="col" class="nowrap">${t("queue.since")}</th>
          </tr>
        </thead>
        <tbody>${data.items.map((row) => line(ui, data, row))}</tbody>
      </table>
    </div>
  `;
}

function line(ui: Ui, data: QueueData, { item, contactName }: QueueData["items"][number]): Child {
  const from = item.origin.kind === "operator" ? item.origin.operator : ui.t(botAuthor(item));
  return html`
    <tr key=${item.id} id=${`q-${item.id}`}>
      <th scope="row"><a href=${`/admin/inbox/${
        encodeURIComponent(item.conversationId)
      }#latest`}><bdi>${contactName}</bdi></a></th>
      <td><span class="clip" dir="auto">${visible(item.text)}</span></td>
      <td class="nowrap">${from}</td>
      <td>${itemDelivery(ui, item, { withActions: true, back: data.path })}</td>
      <td class="nowrap">${time(ui, item.createdAt, briefTime(ui, item.createdAt))}</td>
    </tr>
  `;
}
