import type { Message, OutboundState, Turn } from "@/store/records.ts";
import { type Child, html } from "@views/html.ts";
import { deliveryChip } from "@views/parts/delivery.ts";
import { clockSeconds, duration } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** What a turn began with and what it led to, as far as it is still kept. */
export interface TurnCourse {
  /** The burst, in any order. */
  readonly messages: readonly Message[];
  /** The texts of the answer on their way, in order. */
  readonly sends: readonly TurnSend[];
}

export interface TurnSend {
  readonly itemId: string;
  readonly state: OutboundState;
  /** When it left; absent while it has not. */
  readonly sentAt?: Date;
}

/** How the burst came in: how late Instagram called, and how long the turn waited for more of it. */
export function beginningLines(ui: Ui, turn: Turn, { messages }: TurnCourse): Child {
  const [first, ...others] = messages.toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
  if (first === undefined) return undefined;
  const last = others.at(-1) ?? first;
  const { t } = ui;
  const at = clockSeconds(ui, last.receivedAt);
  return [
    html`<dt>${t("trace.received")}</dt>`,
    html`<dd>${
      last.source === "backfill"
        ? t("trace.received.found", { at })
        : t("trace.received.text", { at, delay: between(ui, last.at, last.receivedAt) })
    }</dd>`,
    html`<dt>${t("trace.grouped")}</dt>`,
    html`<dd>${
      t("trace.grouped.text", {
        count: turn.messageIds.length,
        span: between(ui, first.receivedAt, last.receivedAt),
        wait: between(ui, last.receivedAt, turn.startedAt),
      })
    }</dd>`,
  ];
}

/** What became of each text of the answer. */
export function endingLines(ui: Ui, turn: Turn, { sends }: TurnCourse): Child {
  if (sends.length === 0) return undefined;
  const { t } = ui;
  return [
    html`<dt>${t("trace.sent")}</dt>`,
    html`<dd>${
      sends.map(({ itemId, state, sentAt }) => [
        deliveryChip(ui, state, { itemId }),
        sentAt === undefined
          ? undefined
          : html`<p class="small">${
            t("trace.sent.text", { at: clockSeconds(ui, sentAt), after: between(ui, turn.decidedAt, sentAt) })
          }</p>`,
      ])
    }</dd>`,
  ];
}

function between(ui: Ui, from: Date, to: Date): string {
  return duration(ui, Math.max(0, to.getTime() - from.getTime()));
}
