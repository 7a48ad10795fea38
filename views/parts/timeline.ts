import type { AuditEntry, Message, OutboundItem, Turn } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { messageBubble, noteBubble, outboundBubble, systemLine } from "@views/parts/bubble.ts";
import { changeLine } from "@views/parts/change.ts";
import { dayKey, dayName } from "@views/parts/time.ts";
import type { TurnCourse } from "@views/parts/turn_course.ts";
import type { Ui } from "@views/ui.ts";

/** What became of a contact's message. */
export type Decision =
  | { readonly kind: "decided"; readonly turn: Turn; readonly course: TurnCourse }
  /** Decided together with a later message of the same burst. */
  | { readonly kind: "together"; readonly turn: Turn }
  | { readonly kind: "waiting"; readonly until: Date; readonly reason?: string }
  | { readonly kind: "thinking" }
  | { readonly kind: "notAsked"; readonly why: "standby" | "test" | "history" };

export type TimelineEntry =
  | { readonly kind: "inbound"; readonly message: Message; readonly decision: Decision }
  /** `turn`: the decision that an answer of the bot's came from. */
  | { readonly kind: "outbound"; readonly message: Message; readonly turn?: Turn }
  | { readonly kind: "item"; readonly item: OutboundItem; readonly turn?: Turn }
  /** For the team alone. */
  | { readonly kind: "note"; readonly message: Message }
  /** What somebody of the team changed. */
  | { readonly kind: "change"; readonly entry: AuditEntry }
  | { readonly kind: "system"; readonly message: Message };

export interface TimelineData {
  readonly conversationId: string;
  readonly contactName: string;
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** When the newest answer was given that stands in it, in ms; absent on a page of earlier messages. */
  readonly answeredAt?: number;
  /** The first message that nobody of the team had looked at; absent when there is none, or nothing before it. */
  readonly newFrom?: string;
  /** Where earlier messages are, and where they are asked for to come in above these; absent when there are none. */
  readonly earlier?: { readonly href: string; readonly above?: string };
  /** Where its first message stands; absent when there is none. */
  readonly since?: string;
  /** Whether a person may do something about what waits. */
  readonly withActions: boolean;
  /** As the contact sees it: their own messages on the right, no decisions. */
  readonly asContact?: boolean;
  /** The message whose ready answers can be tapped, and where a tap goes; absent: none can. */
  readonly tap?: { readonly messageId: string; readonly action: string };
}

/** The history, oldest first, the last entry marked `latest`. */
export function timeline(ui: Ui, data: TimelineData): VNode {
  if (data.entries.length === 0) return html`<p class="empty">${ui.t("timeline.empty")}</p>`;
  return html`
    <div>
      ${earlierLink(ui, data)}
      <ol class=${`timeline ${data.asContact ? "as-contact" : ""}`}>${data.entries.flatMap((_, index) =>
        withDay(ui, data, index)
      )}</ol>
      <span id="latest" data-seen=${data.answeredAt}></span>
    </div>
  `;
}

/** Brings a page of them in above those that are shown, as far as there is room; else it leads to a page of its own. */
function earlierLink(ui: Ui, { earlier }: TimelineData): Child {
  if (earlier === undefined) return undefined;
  const { href, above } = earlier;
  const comesIn = above === undefined ? {} : {
    "hx-get": above,
    "hx-include": "#shown-since",
    "hx-target": "#timeline",
    "hx-swap": "outerMorph",
  };
  return html`<p class="pager"><a id="earlier" href=${href} ...${comesIn}>${ui.t("timeline.earlier")}</a></p>`;
}

function withDay(ui: Ui, data: TimelineData, index: number): Child[] {
  const entry = data.entries[index]!;
  const before = data.entries[index - 1];
  const isNewDay = before === undefined || dayKey(ui, entryAt(before)) !== dayKey(ui, entryAt(entry));
  const day = html`<li class="day" key=${`day-${dayKey(ui, entryAt(entry))}`}><span>${
    dayName(ui, entryAt(entry))
  }</span></li>`;
  const isNew = entry.kind === "inbound" && entry.message.id === data.newFrom;
  const mark = html`<li class="day new" key="new"><span>${ui.t("timeline.new")}</span></li>`;
  return [isNewDay ? day : undefined, isNew ? mark : undefined, drawEntry(ui, data, entry)];
}

export function entryAt(entry: TimelineEntry): Date {
  switch (entry.kind) {
    case "item":
      return entry.item.createdAt;
    case "change":
      return entry.entry.at;
    default:
      return entry.message.at;
  }
}

function drawEntry(ui: Ui, data: TimelineData, entry: TimelineEntry): Child {
  switch (entry.kind) {
    case "inbound":
    case "outbound":
      return messageBubble(ui, data, entry);
    case "item":
      return outboundBubble(ui, data, entry);
    case "note":
      return noteBubble(ui, entry.message);
    case "change":
      return changeLine(ui, entry.entry);
    case "system":
      return systemLine(ui, entry.message);
  }
}
