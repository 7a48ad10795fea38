import type { Contact, Conversation, Handler } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { chip, handlerChip, windowChip } from "@views/parts/chip.ts";
import { icon } from "@views/parts/icon.ts";
import { visible } from "@views/parts/linked_text.ts";
import { avatar, contactName } from "@views/parts/person.ts";
import { briefTime, duration, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface RowData {
  readonly conversation: Conversation;
  readonly contact: Contact;
  /** Who answers now, as opposed to what is stored. */
  readonly handler: Handler;
  /** From when the contact has waited for a person; absent when nobody is needed. */
  readonly waitsSince?: Date;
  /** What a search found, in pieces; empty: the newest message is shown. */
  readonly hit: readonly Piece[];
  /** Some text of it did not leave. */
  readonly failed: boolean;
}

/** A stretch of a text, and whether it is what was searched for. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** One conversation of the list: a link of two lines. */
export function conversationRow(ui: Ui, row: RowData, options: { query: string; currentId?: string }): VNode {
  const { conversation, contact, handler, waitsSince, hit } = row;
  const canPick = options.currentId === undefined && ui.role !== "viewer";
  const isUnread = conversation.unread > 0;
  const at = conversation.lastUserAt ?? conversation.lastMessage?.at;
  return html`
    <li key=${conversation.id} id=${`row-${conversation.id}`} data-href=${rowHref(conversation, options)}>
      ${canPick ? pick(ui, contact) : undefined}
      <a data-step class=${`row ${isUnread ? "unread" : ""}`} href=${`/admin/inbox/${
        encodeURIComponent(conversation.id)
      }${options.query}#latest`}
        aria-current=${conversation.id === options.currentId ? "true" : undefined}>
        ${avatar(contact)}
        <span class="row-head">
          <bdi class="name">${contactName(contact)}</bdi>
          ${at === undefined ? undefined : time(ui, at, briefTime(ui, at))}
        </span>
        <span class="row-text">
          <span class="preview">${hit.length > 0
            ? html`<bdi>${hit.map(pieceOf)}</bdi>`
            : html`<span class="muted">${prefix(ui, conversation)}</span><bdi>${
              lastText(ui, conversation)
            }</bdi>`}</span>
          ${isUnread
            ? html`<span class="count">${conversation.unread}<span class="hidden"> ${
              ui.t("inbox.unread")
            }</span></span>`
            : undefined}
        </span>
        <span class="row-chips">
          ${conversation.draft === undefined
            ? handlerChip(ui, handler)
            : chip("warn", "hourglass", ui.t("draft.chip"))}${conversation.windowNoticeAt === undefined
            ? undefined
            : chip("bad", "hourglass", ui.t("window.notice"))}${windowChip(ui, conversation.windowClosesAt)}
          ${waitsSince === undefined ? undefined : waits(ui, waitsSince)}
          ${row.failed ? chip("bad", "circleAlert", ui.t("inbox.failed")) : undefined}
          ${conversation.assignee === undefined
            ? undefined
            : chip("plain", "userCheck", visible(conversation.assignee))}
          ${conversation.state === "closed" ? chip("plain", "check", ui.t("state.closed")) : undefined}
        </span>
      </a>
    </li>
  `;
}

/** The box that picks the row for what is done to many at once; it lies over the avatar. */
function pick(ui: Ui, contact: Contact): VNode {
  const name = ui.t("inbox.pick", { name: contactName(contact) });
  return html`
    <label class="pick">
      <input type="checkbox" name="id" form="bulk" value=${contact.id} aria-label=${name} autocomplete="off" />
    </label>
  `;
}

/** How long the contact has waited for a person. */
function waits(ui: Ui, since: Date): VNode {
  const word = ui.t("inbox.waits");
  return html`
    <span class="chip plain" title=${word}>${icon("hourglass")}<span class="hidden">${word} </span>${duration(
      ui,
      ui.now.getTime() - since.getTime(),
    )}</span>
  `;
}

function pieceOf({ text, isHit }: Piece): Child {
  return isHit ? html`<mark>${text}</mark>` : text;
}

/** Where the row alone is read again, while the list around it holds still. */
function rowHref({ id }: Conversation, { query, currentId }: { query: string; currentId?: string }): string {
  const search = new URLSearchParams(query);
  if (currentId !== undefined) search.set("current", currentId);
  return `/admin/inbox/${encodeURIComponent(id)}/row?${search}`;
}

function prefix(ui: Ui, { lastMessage }: Conversation): string {
  if (lastMessage === undefined || lastMessage.role === "user") return "";
  return `${ui.t(lastMessage.author === "bot" ? "author.bot" : "inbox.you")}: `;
}

/** The newest message, or what kind it was when it has no text. */
function lastText(ui: Ui, { lastMessage }: Conversation): string {
  const text = lastMessage?.text ?? "";
  if (text === "[unsent]") return ui.t("message.unsent");
  return /^\[\w+\]$/.test(text) ? ui.t("message.attachment", { type: text.slice(1, -1) }) : visible(text);
}
