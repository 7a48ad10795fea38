import { unsettledStates } from "@/conversation/item_states.ts";
import type { OutboundItem, OutboundState } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { type InstanceRow, instancesTable } from "@views/parts/instances.ts";
import { botAuthor, isStuck, itemDelivery } from "@views/parts/delivery.ts";
import { actionButton, csrfField, notice } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import { withPart } from "@views/parts/address.ts";
import { type Pace, paceFigure } from "@views/parts/pace.ts";
import { isFiltered, type QueueFilterData, queueFilters, queueQuery } from "@views/parts/queue_filters.ts";
import { briefTime, clockTime, duration, time } from "@views/parts/time.ts";
import { allStates } from "@views/queue_all.ts";
import type { Ui } from "@views/ui.ts";

/** The states that a person looks for, those that need one first. */
export const queueStates: readonly OutboundState[] = [...unsettledStates, "cancelled", "sent"];

export interface QueueData extends Omit<QueueFilterData, "codes"> {
  /** Absent when the store could not tell. */
  readonly counts: Readonly<Record<OutboundState, number>>;
  /** Absent: everything that is not settled. */
  readonly state?: OutboundState;
  /** When the oldest of what is not settled was made; absent when everything is. */
  readonly oldestAt?: Date;
  readonly items: readonly { readonly item: OutboundItem; readonly contactName: string }[];
  /** Absent where it was not counted. */
  readonly total?: number;
  readonly nextQuery?: string;
  readonly instances: readonly InstanceRow[];
  /** Path of this view, to come back to. */
  readonly path: string;
  readonly refused?: string;
  /** What a bulk action led to. */
  readonly bulk?: BulkTold;
  /** Webhooks that were given up, newest first. */
  readonly deadEnvelopes: readonly DeadEnvelope[];
  /** When the newest text was sent; absent unless nothing is shown. */
  readonly lastSentAt?: Date;
  /** Accounts that Instagram's limits slow down or stop. */
  readonly slowed: readonly SlowedAccount[];
}

export interface QueuePageData extends QueueData {
  /** Codes to choose from. */
  readonly codes: readonly number[];
  /** What is shown does not change by itself. */
  readonly isPaused: boolean;
}

export interface BulkTold {
  readonly done: number;
  readonly refused: number;
  /** Why those were refused; empty where it is not known any more. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

export interface DeadEnvelope {
  readonly id: string;
  readonly receivedAt: Date;
  readonly note?: string;
}

export interface SlowedAccount {
  /** Its handle or id; absent when there is only one account. */
  readonly account?: string;
  /** Texts a second now, and by the account's setting. */
  readonly perSecond: number;
  readonly fullPerSecond: number;
  readonly usagePercent: number;
  /** Nothing leaves before; absent: it only leaves more slowly. */
  readonly pausedUntil?: Date;
  readonly reason?: string;
}

export function queuePage(ui: Ui, data: QueuePageData, pace: Pace): VNode {
  const { t } = ui;
  const live = data.isPaused
    ? {}
    : { "hx-get": data.path, "data-live": "", "hx-trigger": "live", "hx-swap": "innerMorph" };
  return html`
    <div class="page-body">
      <h1>${t("nav.queue")}</h1>
      ${data.refused === undefined
        ? undefined
        : notice("bad", t("queue.refused", { reason: translateReason(ui.locale, data.refused) }))}
      ${data.bulk === undefined ? undefined : bulkNotice(ui, data.bulk)}
      ${stuckCount(data) === 0 || ui.role === "viewer" ? undefined : bulkForm(ui)}
      ${queueFilters(ui, data)}
      ${pauseLink(ui, data)}
      <div id="queue" ...${live}>${queueRegion(ui, data)}</div>
      <div hx-get="/admin/queue/pace" hx-trigger="every 60s" hx-swap="innerMorph">${paceFigure(ui, pace)}</div>
    </div>
  `;
}

/** For who ticks or reads while much happens. */
function pauseLink(ui: Ui, { path, isPaused }: QueuePageData): VNode {
  const { t } = ui;
  const [href, label] = isPaused
    ? [withPart(path, "paused", undefined), t("queue.resume")]
    : [withPart(path, "paused", "1"), t("queue.pause")];
  const since = isPaused
    ? [html`<strong>${t("queue.paused")} ${time(ui, ui.now, clockTime(ui, ui.now))}</strong>`, " · "]
    : undefined;
  return html`<p class="small">${since}<a href=${href}>${label}</a></p>`;
}

function bulkNotice({ t, locale }: Ui, { done, refused, reasons }: BulkTold): VNode {
  return notice(
    refused === 0 ? "info" : "warn",
    html`
      <div>
        <p>${t("queue.bulk.outcome", { done, refused })}</p>
        ${reasons.length === 0
          ? undefined
          : html`<ul>${
            reasons.map(({ reason, count }) =>
              html`<li>${t("queue.bulk.reason", { count, reason: translateReason(locale, reason) })}</li>`
            )
          }</ul>`}
      </div>
    `,
  );
}

/** What may be done to the items whose boxes are ticked; it stays while the items around it change. */
function bulkForm(ui: Ui): VNode {
  const { t } = ui;
  return html`
    <form id="bulk" method="post" action="/admin/queue/bulk" class="bulk">
      ${csrfField(ui)}
      <input type="hidden" name="commandId" value=${crypto.randomUUID()} />
      <span class="muted small">${t("queue.bulk")}</span>
      <button class="button" name="action" value="retry">${t("delivery.retry")}</button>
      <button class="button" name="action" value="discard">${t("delivery.discard")}</button>
    </form>
  `;
}

/** Counts and items: what changes by itself. */
export function queueRegion(ui: Ui, data: QueueData): VNode {
  const { t } = ui;
  return html`
    <div>
      ${data.slowed.map((account) => slowedNotice(ui, account))}
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
      ${data.oldestAt === undefined ? undefined : html`
        <p class="muted small oldest">${t("queue.oldest", {
          age: duration(ui, ui.now.getTime() - data.oldestAt.getTime()),
        })}</p>
      `}
      ${ui.role === "viewer" ? undefined : allLinks(ui, data)}
      ${data.items.length === 0 ? emptyQueue(ui, data) : table(ui, data)}
      ${data.nextQuery === undefined
        ? undefined
        : html`<p class="pager"><a href=${`/admin/queue${data.nextQuery}`}>${t("queue.more")}</a></p>`}
      ${data.deadEnvelopes.length === 0 ? undefined : envelopes(ui, data)}
      ${data.instances.length === 0 ? undefined : instancesTable(ui, data.instances)}
    </div>
  `;
}

function emptyQueue(ui: Ui, { lastSentAt }: QueueData): VNode {
  const { t } = ui;
  const last = lastSentAt && [" ", t("queue.lastSent"), " ", time(ui, lastSentAt, briefTime(ui, lastSentAt))];
  return html`<p class="card empty"><span>${t("queue.empty")}${last}</span></p>`;
}

/** Where everything in this state, as far as it is narrowed, is retried or discarded, after a page that asks. */
function allLinks({ t }: Ui, data: QueueData): Child {
  const { state, counts, contact, filter } = data;
  const chosen = allStates.find((each) => each === state);
  if (chosen === undefined) return undefined;
  const isNarrowed = contact !== "" || isFiltered(filter);
  const count = isNarrowed ? data.items.length : counts[chosen];
  if (count < 2) return undefined;
  return html`
    <p class="bulk">${(["retry", "discard"] as const).map((action) =>
      html`<a class="button" href=${`/admin/queue/all?${
        queueQuery({ filter, contact, state: chosen })
      }&action=${action}`}>${isNarrowed ? t(`queue.all.matching.${action}`) : t(`queue.all.${action}`, { count })}…</a>`
    )}</p>
  `;
}

function envelopes(ui: Ui, data: QueueData): VNode {
  const { t } = ui;
  return html`
    <section aria-labelledby="unusable">
      <h2 id="unusable">${t("queue.envelopes")}</h2>
      <p class="muted small">${t("queue.envelopes.hint")}</p>
      <ul class="card envelopes">${data.deadEnvelopes.map((envelope) => deadEnvelope(ui, envelope, data.path))}</ul>
    </section>
  `;
}

function deadEnvelope(ui: Ui, { id, receivedAt, note = "" }: DeadEnvelope, back: string): VNode {
  return html`
    <li key=${id}>
      <span>${time(ui, receivedAt, briefTime(ui, receivedAt))} <code>${id.slice(
        0,
        12,
      )}</code> <span dir="auto">${visible(note)}</span></span>
      ${actionButton(ui, {
        action: `/admin/envelopes/${id}/retry`,
        label: ui.t("delivery.retry"),
        fields: { back },
        described: id.slice(0, 12),
      })}
    </li>
  `;
}

function slowedNotice(ui: Ui, slowed: SlowedAccount): VNode {
  const { t, locale } = ui;
  const { account, perSecond, fullPerSecond, usagePercent, pausedUntil, reason = "" } = slowed;
  const said = pausedUntil === undefined
    ? t("queue.slowed", { perSecond, fullPerSecond, usagePercent })
    : html`${t("queue.throttled", { reason: translateReason(locale, reason) })} ${
      time(ui, pausedUntil, briefTime(ui, pausedUntil))
    }`;
  return notice("warn", html`<span>${account === undefined ? "" : `${account}: `}${said}</span>`);
}

/** What only a person can go on with. */
function stuckCount({ counts }: QueueData): number {
  return counts.failed + counts.held + counts.expired;
}

function openCount(data: QueueData): number {
  const { counts } = data;
  return stuckCount(data) + counts.uncertain + counts.queued + counts.sending;
}

function table(ui: Ui, data: QueueData): VNode {
  const { t } = ui;
  return html`
    <div class="card flush">
      <table class="cards">
        <caption class="hidden">${t("queue.caption", { total: data.total ?? data.items.length })}</caption>
        <thead>
          <tr>
            <th scope="col"><span class="hidden">${t("queue.tick")}</span></th>
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
      <td class="pick">${isStuck(item) && ui.role !== "viewer" ? tick(ui, item) : undefined}</td>
      <th scope="row"><a data-step href=${`/admin/inbox/${
        encodeURIComponent(item.conversationId)
      }#latest`}><bdi>${contactName}</bdi></a></th>
      <td><span class="clip" dir="auto">${visible(item.text)}</span></td>
      <td class="nowrap">${from}</td>
      <td>${itemDelivery(ui, item, { withActions: true, back: data.path })}</td>
      <td class="nowrap" data-label=${ui.t("queue.since")}>${time(
        ui,
        item.createdAt,
        briefTime(ui, item.createdAt),
      )}</td>
    </tr>
  `;
}

function tick(ui: Ui, { id, text }: OutboundItem): VNode {
  const label = `${ui.t("queue.tick")}: ${text.slice(0, 40)}`;
  return html`<input type="checkbox" name="id" value=${id} form="bulk" aria-label=${label} />`;
}
