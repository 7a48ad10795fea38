import { isRestorable } from "@/conversation/operator.ts";
import type { OutboundItem, OutboundState, SendError } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { type MessageKey, translateReason } from "@views/i18n.ts";
import { chip, type Tone } from "@views/parts/chip.ts";
import { actionButton } from "@views/parts/form.ts";
import type { IconName } from "@views/parts/icon.ts";
import { briefTime } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

type Delivery = OutboundState | "seen";

const looks: Readonly<Record<Delivery, readonly [Tone, IconName]>> = {
  queued: ["info", "hourglass"],
  sending: ["info", "send"],
  sent: ["plain", "check"],
  seen: ["ok", "checkCheck"],
  failed: ["bad", "circleAlert"],
  uncertain: ["warn", "circleHelp"],
  held: ["warn", "hand"],
  cancelled: ["plain", "ban"],
  expired: ["bad", "clock"],
};

/** Where a text is on its way: an icon and a word. */
export function deliveryChip(ui: Ui, delivery: Delivery, { at, itemId }: { at?: Date; itemId?: string } = {}): VNode {
  const [tone, name] = looks[delivery];
  const when = at === undefined ? "" : ` ${briefTime(ui, at)}`;
  return html`
    <p class="delivery">${chip(tone, name, `${ui.t(`delivery.${delivery}`)}${when}`)}${itemId === undefined
      ? undefined
      : ledgerLink(ui, itemId)}</p>
  `;
}

/** The same for an item of the queue, with the reason and what a person may do. */
export function itemDelivery(ui: Ui, item: OutboundItem, options: { withActions: boolean; back: string }): VNode {
  const [tone, name] = looks[item.state];
  return html`
    <div class="delivery">
      ${chip(tone, name, ui.t(`delivery.${item.state}`))}
      ${waiting(ui, item)}
      ${item.reason === undefined
        ? undefined
        : html`<span class="reason" dir="auto">${translateReason(ui.locale, item.reason)}</span>`}
      ${options.back.startsWith("/admin/outbound/") ? undefined : ledgerLink(ui, item.id, triesOf(ui, item))}
      ${options.withActions ? itemActions(ui, item, options.back) : undefined}
    </div>
  `;
}

/** The bot, as the one who answers or who follows up. */
export function botAuthor({ origin }: OutboundItem): MessageKey {
  return origin.kind === "followUp" ? "author.followUp" : "author.bot";
}

function triesOf(ui: Ui, { attempt }: OutboundItem): string | undefined {
  return attempt === 0 ? undefined : `${ui.t("delivery.ledger")} · ${ui.t("delivery.attempts", { count: attempt })}`;
}

function waiting(ui: Ui, item: OutboundItem): Child {
  if (item.state !== "queued" || item.notBefore <= ui.now) return undefined;
  return html`<span class="reason">${ui.t("delivery.notBefore", { at: briefTime(ui, item.notBefore) })}</span>`;
}

/** Status, code and subcode, as Instagram gave them; empty when it gave none. */
export function errorCodes({ status, code, subcode }: SendError): string {
  return [status, code, subcode].filter((number) => number !== undefined).join(" / ");
}

/** The way to the send ledger: every try, and what is proven. */
export function ledgerLink(ui: Ui, itemId: string, label: string = ui.t("delivery.ledger")): VNode {
  return html`<a class="ledger-link small" href=${`/admin/outbound/${encodeURIComponent(itemId)}`}>${label}</a>`;
}

/** Whether only a person can go on with the item. */
export function isStuck({ state }: OutboundItem): boolean {
  return state === "held" || state === "failed" || state === "expired";
}

/** Only what the item's state allows. */
export function itemActions(ui: Ui, item: OutboundItem, back: string): Child {
  const act = (verb: "retry" | "arrived" | "discard" | "cancel" | "restore"): Child =>
    actionButton(ui, {
      action: `/admin/outbound/${encodeURIComponent(item.id)}/${verb}`,
      label: ui.t(verb === "retry" && item.state === "held" ? "delivery.sendAgain" : `delivery.${verb}`),
      tone: verb === "retry" ? "primary" : "plain",
      fields: { back },
      described: item.text.slice(0, 40),
    });
  if (item.state === "queued") return act("cancel");
  if (isRestorable(item, ui.now)) return act("restore");
  if (item.state === "held") return [act("retry"), act("arrived"), act("discard")] as Child;
  return isStuck(item) ? [act("retry"), act("discard")] as Child : undefined;
}
