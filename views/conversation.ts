import type { ContactField } from "@/conversation/contact_fields.ts";
import { windowMs } from "@/conversation/window.ts";
import type { Contact, Conversation, Handler, Message } from "@/store/records.ts";
import { type Child, html, renderFragment, type VNode } from "@views/html.ts";
import { type InboxData, inboxPane } from "@views/inbox.ts";
import { chip, handlerChip, windowChip } from "@views/parts/chip.ts";
import { composer, type ComposerData } from "@views/parts/composer.ts";
import { contactCard } from "@views/parts/contact_card.ts";
import type { RefusedContact } from "@views/parts/contact_edit.ts";
import { type DraftData, draftPanel } from "@views/parts/draft.ts";
import { actionButton, csrfField } from "@views/parts/form.ts";
import { pressedBy } from "@views/parts/keys.ts";
import type { RowData } from "@views/parts/conversation_row.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import { visible } from "@views/parts/linked_text.ts";
import { contactName } from "@views/parts/person.ts";
import { timeline, type TimelineData } from "@views/parts/timeline.ts";
import { translateReason } from "@views/i18n.ts";
import type { Ui } from "@views/ui.ts";

/** What changes by itself while the page is open. */
export interface LiveData {
  readonly conversation: Conversation;
  readonly contact: Contact;
  /** What the account wants to know of contacts; none: fields are free. */
  readonly contactFields: readonly ContactField[];
  /** Who answers now. */
  readonly handler: Handler;
  readonly timeline: TimelineData;
  /** Given back, the bot says again that it is a machine. */
  readonly introduces: boolean;
  /** False on a page of earlier messages, which does not change. */
  readonly isNewest: boolean;
  readonly inbox: InboxData;
  /** Whom it can be assigned to. */
  readonly assignees: readonly string[];
  /** The agent's draft, when one waits for a person. */
  readonly draft?: Omit<DraftData, "query">;
}

export interface ConversationData extends LiveData {
  readonly composer: ComposerData;
  /** The contact's form, when it was not taken. */
  readonly refusedContact?: RefusedContact;
  /** There is a simulator to copy it to. */
  readonly simulates: boolean;
}

/** List, conversation and contact side by side; on phones the conversation alone. */
export function conversationPage(ui: Ui, data: ConversationData): VNode {
  return html`
    <div class="panes three">
      ${inboxPane(ui, data.inbox)}
      <section class="thread" aria-labelledby="thread-title">
        <header id="thread-head" class="thread-head">${head(ui, data)}</header>
        ${timelineRegion(ui, data)}
        <div id="drafts">${drafts(ui, data)}</div>
        ${composer(ui, data.composer)}
      </section>
      ${contactCard(ui, {
        contact: data.contact,
        defined: data.contactFields,
        refused: data.refusedContact,
        query: data.inbox.query,
        simulates: data.simulates,
      })}
    </div>
  `;
}

function timelineRegion(ui: Ui, data: ConversationData): Child {
  return html`
    ${timelineScroll(ui, data)}
    ${shownSince(data)}
    <p class="newer-bar"><a id="newer" class="button" href="#latest" hidden data-label=${ui.t(
      "timeline.newer",
    )}></a></p>
    <div id="log" class="hidden" role="log" aria-label=${ui.t("timeline.log")}></div>
  `;
}

function shownSince({ timeline: { since = "" } }: LiveData): VNode {
  return html`<input type="hidden" id="shown-since" name="since" value=${since} />`;
}

function timelineScroll(ui: Ui, data: LiveData): VNode {
  const label = ui.t("timeline.label", { name: contactName(data.contact) });
  const { since = "", newFrom } = data.timeline;
  // With the list that it was opened from: what leads back to it and along it is part of what changes.
  const shown = new URLSearchParams(data.inbox.query);
  shown.set("since", since);
  if (newFrom !== undefined) shown.set("new", newFrom);
  const refresh = data.isNewest
    ? {
      "data-live": data.conversation.id,
      "data-stick": "",
      "hx-get": `${basePath(data)}/timeline?${shown}`,
      "hx-trigger": "live",
      "hx-sync": "this:queue last",
      "hx-swap": "innerMorph",
    }
    : {};
  return html`
    <div id="timeline" class="scroll" tabindex="0" role="region" aria-label=${label} ...${refresh}>
      ${timeline(ui, data.timeline)}
    </div>
  `;
}

/** The timeline with earlier messages above those that it showed. */
export function earlierParts(ui: Ui, data: LiveData): readonly VNode[] {
  return [
    timelineScroll(ui, data),
    html`<hx-partial hx-target="#shown-since" hx-swap="outerHTML">${shownSince(data)}</hx-partial>`,
  ];
}

/** What changes by itself: the timeline, and beside it who answers and what the agent suggests. */
export function liveParts(ui: Ui, data: LiveData): readonly VNode[] {
  return [
    timeline(ui, data.timeline),
    html`<hx-partial hx-target="#thread-head" hx-swap="innerMorph">${head(ui, data)}</hx-partial>`,
    html`<hx-partial hx-target="#drafts" hx-swap="innerMorph">${drafts(ui, data)}</hx-partial>`,
  ];
}

/** The answer to a message that was sent: a fresh composer, and the timeline with the message in it. */
export function sentParts(ui: Ui, data: ConversationData): string {
  const [shown, ...others] = liveParts(ui, data);
  const parts = [
    composer(ui, data.composer),
    html`<hx-partial hx-target="#timeline" hx-swap="innerMorph">${shown}</hx-partial>`,
    ...others,
  ];
  return parts.map(renderFragment).join("");
}

function basePath({ conversation }: LiveData): string {
  return `/admin/inbox/${encodeURIComponent(conversation.id)}`;
}

/** With the list beside it, which stays as it is. */
function changePath(data: LiveData): string {
  return `${basePath(data)}/change${data.inbox.query}`;
}

function head(ui: Ui, data: LiveData): VNode {
  const { t } = ui;
  const { conversation, contact, handler } = data;
  return html`
    <div class="thread-bar">
      <a class="back" href=${`/admin/inbox${data.inbox.query}`} aria-label=${t("conversation.back")} ...${pressedBy(
        ui,
        "back",
      )}>${icon(
        "arrowLeft",
      )}</a>
      <div class="thread-name">
        <h1 id="thread-title"><bdi>${contactName(contact)}</bdi></h1>
        <p class="chips">${handlerChip(ui, handler)}${conversation.windowNoticeAt === undefined
          ? undefined
          : chip("bad", "hourglass", t("window.notice"))}${windowChip(
            ui,
            conversation.windowClosesAt,
            openedBy(data),
          )}${conversation.state === "closed" ? chip("plain", "check", t("state.closed")) : undefined}${contact.optOut
          ? chip("bad", "ban", t("contact.optOut.short"))
          : undefined}${ui.role !== "viewer" || conversation.assignee === undefined
          ? undefined
          : chip("plain", "userCheck", visible(conversation.assignee))}${contact.neverBot
          ? chip("warn", "ban", t("contact.neverBot.short"))
          : undefined}</p>
        ${handler.kind === "person"
          ? html`<p class="muted small">${translateReason(ui.locale, handler.reason)}${
            data.introduces ? ` · ${t("conversation.introduces")}` : ""
          }</p>`
          : undefined}
      </div>
      ${neighbours(ui, data)}
      <div class="actions">${handlerButton(ui, data)}${stateButton(ui, data)}${assignMenu(ui, data)}
        <a class="button quiet narrow" href="#contact" aria-label=${t("contact.title")}>${icon("user")}</a></div>
    </div>
  `;
}

/** The message that Instagram's 24 h are counted from, as far as the page shows it. */
function openedBy({ conversation: { windowClosesAt }, timeline: { entries } }: LiveData): Message | undefined {
  const at = (windowClosesAt?.getTime() ?? 0) - windowMs;
  const entry = entries.findLast((one) => one.kind === "inbound" && one.message.at.getTime() === at);
  return entry?.kind === "inbound" ? entry.message : undefined;
}

/** To the conversations above and below this one in the list beside it. */
function neighbours(ui: Ui, { conversation, inbox: { rows, query } }: LiveData): Child {
  const at = rows.findIndex((row) => row.conversation.id === conversation.id);
  const link = (row: RowData | undefined, key: "conversationBefore" | "conversationAfter", name: IconName): Child =>
    row === undefined ? undefined : html`
      <a class="back" href=${`/admin/inbox/${encodeURIComponent(row.conversation.id)}${query}#latest`}
        aria-label=${ui.t(`keys.name.${key}`)} ...${pressedBy(ui, key)}>${icon(name)}</a>
    `;
  if (at < 0) return undefined;
  return html`<span class="narrow">${link(rows[at - 1], "conversationBefore", "chevronUp")}${
    link(rows[at + 1], "conversationAfter", "chevronDown")
  }</span>`;
}

function handlerButton(ui: Ui, data: LiveData): Child {
  const action = changePath(data);
  if (data.handler.kind === "bot") {
    return actionButton(ui, {
      action,
      label: ui.t("conversation.takeOver"),
      icon: icon("hand"),
      key: "handler",
      fields: { handler: "person" },
    });
  }
  return actionButton(ui, {
    action,
    label: ui.t("conversation.giveBack"),
    icon: icon("bot"),
    key: "handler",
    fields: { handler: "bot" },
  });
}

function stateButton(ui: Ui, data: LiveData): Child {
  const action = changePath(data);
  if (data.conversation.state === "closed") {
    return actionButton(ui, {
      action,
      label: ui.t("conversation.reopen"),
      icon: icon("inbox"),
      fields: { state: "open" },
    });
  }
  return actionButton(ui, {
    action,
    label: ui.t("conversation.done"),
    icon: icon("check"),
    key: "done",
    fields: { state: "closed" },
  });
}

/** Who it is assigned to, and behind that a button for each it can be assigned to. */
function assignMenu(ui: Ui, data: LiveData): Child {
  const { t } = ui;
  const { assignee } = data.conversation;
  if (ui.role === "viewer") return undefined;
  const others = data.assignees.filter((name) => name !== ui.operator && name !== assignee);
  const choice = (value: string, label: Child): VNode =>
    html`<button class="choice" name="assignee" value=${value}>${label}</button>`;
  return html`
    <details class="menu">
      <summary class="button quiet" aria-label=${assignee === undefined ? t("assign.title") : undefined} title=${t(
        "assign.title",
      )}>${icon("userCheck")}${assignee === undefined ? undefined : html`<bdi>${visible(assignee)}</bdi>`}</summary>
      <form method="post" action=${changePath(data)} class="card">
        ${csrfField(ui)}
        ${assignee === ui.operator ? undefined : choice("me", t("assign.me"))}
        ${assignee === undefined ? undefined : choice("none", t("assign.none"))}
        ${others.map((name) => choice(name, html`<bdi>${visible(name)}</bdi>`))}
      </form>
    </details>
  `;
}

function drafts(ui: Ui, { draft, inbox: { query } }: LiveData): VNode {
  return html`<div>${draft === undefined ? undefined : draftPanel(ui, { ...draft, query })}</div>`;
}
