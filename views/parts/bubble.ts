import type { Message, Turn } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { decisionLine } from "@views/parts/decision.ts";
import { botAuthor, deliveryChip, itemDelivery } from "@views/parts/delivery.ts";
import { actionButton } from "@views/parts/form.ts";
import { icon } from "@views/parts/icon.ts";
import { linkedText, visible } from "@views/parts/linked_text.ts";
import { clockTime, time } from "@views/parts/time.ts";
import type { TimelineData, TimelineEntry } from "@views/parts/timeline.ts";
import type { Ui } from "@views/ui.ts";

type MessageEntry = Extract<TimelineEntry, { kind: "inbound" | "outbound" }>;
type ItemEntry = Extract<TimelineEntry, { kind: "item" }>;

/** A message that was exchanged. */
export function messageBubble(ui: Ui, data: TimelineData, entry: MessageEntry): VNode {
  const { message } = entry;
  const author = authorOf(ui, data, entry);
  const side = message.role === "user" ? "contact" : message.author;
  return html`
    <li class=${`entry ${side}`} key=${message.id} id=${`m-${message.id}`}>
      <article class="bubble" aria-label=${`${author}, ${clockTime(ui, message.at)}`}>
        <p class="meta"><bdi class="author">${author}</bdi> ${time(ui, message.at, clockTime(ui, message.at))}
          ${message.source === "backfill"
            ? html`${" "}<span class="found" title=${ui.t("message.foundHint")}>· ${ui.t("message.found")}</span>`
            : undefined}
          ${message.editedAt === undefined ? undefined : html`<span>· ${ui.t("message.edited")}</span>`}</p>
        ${content(ui, message)}
        ${data.tap?.messageId === message.id
          ? tappable(ui, data.tap.action, message.quickReplies)
          : quickReplies(message.quickReplies)}
        ${message.reactionEmoji === undefined
          ? undefined
          : html`<span class="reaction" title=${ui.t("message.reaction")}>${message.reactionEmoji}</span>`}
      </article>
      ${entry.kind === "outbound" && !data.asContact
        ? deliveryChip(ui, message.seenAt === undefined ? "sent" : "seen", {
          at: message.seenAt,
          itemId: message.outboundId,
        })
        : undefined}
      ${entry.kind === "inbound" && !data.asContact ? decisionLine(ui, entry.decision, message.id) : undefined}
    </li>
  `;
}

/** A text that has not reached the contact: what holds it, and what a person can do about it. */
export function outboundBubble(ui: Ui, data: TimelineData, { item, turn }: ItemEntry): VNode {
  const isBot = item.origin.kind !== "operator";
  const author = item.origin.kind === "operator"
    ? ui.t("author.operator", { name: item.origin.operator })
    : item.origin.kind === "followUp"
    ? ui.t(botAuthor(item))
    : botName(ui, turn);
  return html`
    <li class=${`entry ${isBot ? "bot" : "operator"} unsent ${item.state}`} key=${item.id} id=${`o-${item.id}`}>
      <article class="bubble" aria-label=${`${author}, ${clockTime(ui, item.createdAt)}, ${
        ui.t(`delivery.${item.state}`)
      }`}>
        <p class="meta"><bdi class="author">${author}</bdi> ${time(
          ui,
          item.createdAt,
          clockTime(ui, item.createdAt),
        )}</p>
        <div class="text" dir="auto">${linkedText(item.text)}</div>
        ${quickReplies(item.quickReplies)}
      </article>
      ${itemDelivery(ui, item, {
        withActions: data.withActions,
        back: `/admin/inbox/${encodeURIComponent(data.conversationId)}#latest`,
      })}
    </li>
  `;
}

/** The answers to tap that go out with a text. */
function quickReplies(titles: readonly string[] = []): Child {
  if (titles.length === 0) return undefined;
  return html`<ul class="quick-replies">${titles.map((title) => html`<li><bdi>${visible(title)}</bdi></li>`)}</ul>`;
}

function tappable(ui: Ui, action: string, titles: readonly string[] = []): Child {
  return html`<div class="actions">${
    titles.map((title) => actionButton(ui, { action, label: visible(title), fields: { tap: title } }))
  }</div>`;
}

function authorOf(ui: Ui, data: TimelineData, entry: MessageEntry): string {
  if (entry.kind === "inbound") return data.contactName;
  return data.asContact ? ui.t("author.business") : authorName(ui, entry.message, entry.turn);
}

function authorName(ui: Ui, message: Message, turn: Turn | undefined): string {
  switch (message.author) {
    case "bot":
      return botName(ui, turn);
    case "operator":
      return ui.t("author.operator", { name: visible(message.operator ?? "") });
    case "instagramApp":
      return ui.t("author.instagramApp");
    default:
      return ui.t("author.system");
  }
}

function botName(ui: Ui, turn: Turn | undefined): string {
  const rule = turn?.outcome.by.startsWith("rule:") ? turn.outcome.by.slice("rule:".length) : undefined;
  return rule === undefined ? ui.t("author.bot") : ui.t("author.botByRule", { rule });
}

function content(ui: Ui, message: Message): Child {
  if (message.unsentAt !== undefined) return html`<p class="placeholder">${icon("ban")} ${ui.t("message.unsent")}</p>`;
  return [
    reference(ui, message),
    ...message.attachments.map((attachment) =>
      html`<p class="placeholder">${icon("camera")} ${ui.t("message.attachment", { type: attachment.type })}
        ${attachment.title === undefined ? undefined : html`<bdi> ${visible(attachment.title)}</bdi>`}</p>`
    ),
    message.text === undefined || message.text === ""
      ? kindInWords(ui, message)
      : html`<div class=${textClass(message.text)} dir="auto">${linkedText(message.text)}</div>`,
  ];
}

function reference(ui: Ui, message: Message): Child {
  if (message.kind === "storyMention") {
    return html`<p class="placeholder">${icon("camera")} ${ui.t("message.storyMention")}</p>`;
  }
  if (message.replyTo?.story !== undefined) {
    return html`<p class="placeholder">${icon("camera")} ${ui.t("message.storyReply")}</p>`;
  }
  return message.replyTo?.mid === undefined ? undefined : html`<p class="placeholder">${ui.t("message.reply")}</p>`;
}

function kindInWords(ui: Ui, message: Message): Child {
  if (message.attachments.length > 0 || message.kind === "storyMention") return undefined;
  if (message.kind === "postback" || message.kind === "quickReply") {
    return html`<p class="placeholder">${ui.t("message.button", { payload: visible(message.payload ?? "") })}</p>`;
  }
  return html`<p class="placeholder">${icon("circleHelp")} ${ui.t("message.unsupported")}</p>`;
}

/** One to three signs and nothing else are drawn larger. */
function textClass(text: string): string {
  const isEmoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\u200D|\p{Regional_Indicator})+$/u.test(
    text.trim(),
  );
  const count = isEmoji ? [...new Intl.Segmenter().segment(text.trim())].length : 0;
  return count >= 1 && count <= 3 ? "text large" : "text";
}

/** What somebody of the team wrote for the others. */
export function noteBubble(ui: Ui, { id, operator = "", at, text = "" }: Message): VNode {
  const author = ui.t("author.note", { name: visible(operator) });
  return html`
    <li class="entry note" key=${id} id=${`m-${id}`}>
      <article class="bubble" aria-label=${`${author}, ${clockTime(ui, at)}`}>
        <p class="meta">${icon("lock")} <bdi class="author">${author}</bdi> ${time(ui, at, clockTime(ui, at))} · ${ui.t(
          "note.neverSent",
        )}</p>
        <div class="text" dir="auto">${linkedText(text)}</div>
      </article>
    </li>
  `;
}

/** Something that happened around the messages. */
export function systemLine(ui: Ui, message: Message): VNode {
  return html`
    <li class="system" key=${message.id}>
      <p>${ui.t("message.event", { kind: message.kind })} · ${time(ui, message.at, clockTime(ui, message.at))}</p>
    </li>
  `;
}
