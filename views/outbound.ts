import type { Proof, ProofVerdict } from "@/conversation/proof.ts";
import type { Attempt, OutboundItem } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { errorCodes, itemDelivery } from "@views/parts/delivery.ts";
import { notice } from "@views/parts/form.ts";
import { linkedText, visible } from "@views/parts/linked_text.ts";
import { proofLine } from "@views/parts/proof.ts";
import { clockSeconds, duration, longDate, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface OutboundData {
  readonly item: OutboundItem;
  readonly contactName: string;
  readonly proof: Proof;
}

const tones: Readonly<Record<ProofVerdict, "ok" | "warn" | "info">> = {
  sentOnce: "ok",
  sentPerhapsTwice: "warn",
  perhapsSent: "warn",
  underWay: "info",
  notSent: "info",
};

/** The send ledger of one text: what is proven, every try, and what a person may do. */
export function outboundPage(ui: Ui, data: OutboundData): VNode {
  const { item, proof, contactName } = data;
  const { t } = ui;
  return html`
    <div class="page-body">
      <p><a href=${`/admin/inbox/${encodeURIComponent(item.conversationId)}#latest`}>${t("turn.back")}</a> · <a
        href="/admin/queue">${t("nav.queue")}</a>${ui.role === "admin"
          ? [" · ", historyLink(ui, item.conversationId)]
          : undefined}</p>
      <h1>${t("ledger.title", { name: contactName })}</h1>
      ${notice(
        tones[proof.verdict],
        html`<p class="proof">${proofLine(t, proof, (at) => longDateSeconds(ui, at))}</p>`,
      )}
      <section class="card ledger">
        <div class="text" dir="auto">${linkedText(item.text)}</div>
        ${itemDelivery(ui, item, { withActions: true, back: `/admin/outbound/${encodeURIComponent(item.id)}` })}
        ${item.state === "held" ? choices(ui) : undefined}
      </section>
      <h2>${t("ledger.tries")}</h2>
      ${item.attempts.length === 0
        ? html`<p class="card empty">${t("ledger.noTries")}</p>`
        : html`<div class="card flush">${tries(ui, item.attempts)}</div>`}
      <div class="card trace">${facts(ui, item)}</div>
    </div>
  `;
}

/** What each button means, where nobody but a person can know. */
function choices({ t }: Ui): VNode {
  return html`
    <dl class="choices">
      ${(["retry", "arrived", "discard"] as const).map((verb) =>
        html`
          <div>
            <dt>${t(verb === "retry" ? "delivery.sendAgain" : `delivery.${verb}`)}</dt>
            <dd>${t(`held.${verb}`)}</dd>
          </div>
        `
      )}
    </dl>
  `;
}

function historyLink({ t }: Ui, object: string): VNode {
  return html`<a href=${`/admin/audit?${new URLSearchParams({ object })}`}>${t("audit.history")}</a>`;
}

function tries(ui: Ui, attempts: readonly Attempt[]): VNode {
  const { t } = ui;
  return html`
    <table class="cards">
      <caption class="hidden">${t("ledger.tries")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("ledger.try")}</th>
          <th scope="col" class="nowrap">${t("ledger.askedAt")}</th>
          <th scope="col">${t("ledger.outcome")}</th>
          <th scope="col" class="whole">${t("ledger.evidence")}</th>
        </tr>
      </thead>
      <tbody>${attempts.map((attempt) => tryRow(ui, attempt))}</tbody>
    </table>
  `;
}

function tryRow(ui: Ui, { number, startedAt, endedAt, outcome, evidence, settledAt, error }: Attempt): Child {
  const { t } = ui;
  const took = endedAt === undefined ? "" : ` · ${duration(ui, endedAt.getTime() - startedAt.getTime())}`;
  const settled = settledAt === undefined ? "" : ` · ${clockSeconds(ui, settledAt)}`;
  return html`
    <tr key=${number}>
      <th scope="row" class="nowrap">${t("ledger.number", { number })}</th>
      <td class="nowrap">${time(ui, startedAt, clockSeconds(ui, startedAt))}${took}</td>
      <td>${t(`attempt.${outcome ?? "awaited"}`)}${error === undefined ? undefined : errorWords(ui, error)}</td>
      <td class="whole" data-label=${t("ledger.evidence")}>${evidence === undefined
        ? t("evidence.none")
        : `${t(`evidence.${evidence}`)}${settled}`}</td>
    </tr>
  `;
}

function errorWords(ui: Ui, error: NonNullable<Attempt["error"]>): Child {
  const codes = errorCodes(error);
  return html`
    <p class="muted small" dir="auto">${translateReason(ui.locale, error.message)}${codes === ""
      ? ""
      : ` (${codes})`}</p>
    ${error.class === undefined ? undefined : html`
      <p class="muted small">${ui.t("ledger.moca")} ${ui.t(`does.${error.class}`)}</p>
      <p class="muted small">${ui.t("ledger.you")} ${ui.t(`ask.${error.class}`)}</p>
    `}
  `;
}

function facts(ui: Ui, item: OutboundItem): VNode {
  const { t } = ui;
  const { origin } = item;
  return html`
    <dl>
      <dt>${t("queue.from")}</dt>
      <dd>${origin.kind === "operator"
        ? t("author.operator", { name: visible(origin.operator) })
        : html`<a href=${`/admin/turns/${encodeURIComponent(origin.turnId)}`}>${t("ledger.decision")}</a>`}</dd>
      ${origin.kind === "followUp" ? undefined : html`
        <dt>${t("ledger.part")}</dt>
        <dd>${t("ledger.partOf", { part: origin.part, parts: origin.parts })}</dd>
      `}
      <dt>${t("ledger.queuedAt")}</dt><dd>${time(ui, item.createdAt, longDateSeconds(ui, item.createdAt))}</dd>
      ${item.tag === undefined ? undefined : html`
        <dt>${t("ledger.tag")}</dt>
        <dd>HUMAN_AGENT</dd>
      `}
      <dt>${t("ledger.id")}</dt><dd><code class="long">${item.id}</code></dd>
    </dl>
  `;
}

function longDateSeconds(ui: Ui, at: Date): string {
  return `${longDate(ui, at)} (${clockSeconds(ui, at)})`;
}
