import type { Contact, Fact } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { contactEdit, type ContactEditData, refusalWords } from "@views/parts/contact_edit.ts";
import { actionButton } from "@views/parts/form.ts";
import { linkedText, visible } from "@views/parts/linked_text.ts";
import { avatar, contactName } from "@views/parts/person.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface ContactCardData extends ContactEditData {
  /** There is a simulator to copy the conversation to. */
  readonly simulates: boolean;
}

/** Who the contact is, and where each thing known about them comes from. */
export function contactCard(ui: Ui, data: ContactCardData): VNode {
  const { contact } = data;
  const { t } = ui;
  return html`
    <aside id="contact" class="card-pane" aria-labelledby="contact-title">
      <h2 id="contact-title" class="hidden">${t("contact.title")}</h2>
      <div class="who">${avatar(contact)}<div><p class="name"><bdi>${contactName(contact)}</bdi></p>
        ${contact.username === undefined
          ? undefined
          : html`<p class="muted"><bdi>@${visible(contact.username)}</bdi></p>`}
        ${data.simulates ? undefined : instagramLink(ui, contact)}</div></div>
      ${data.refused === undefined
        ? undefined
        : html`<p class="problem" role="alert">${refusalWords(ui, data.refused)}</p>`}
      ${facts(ui, data)}
      ${contact.tags.length === 0
        ? undefined
        : html`<p class="tags">${
          contact.tags.map((tag) => html`<span class="chip plain"><bdi>${visible(tag)}</bdi></span>`)
        }</p>`}
      ${ui.role === "viewer" ? undefined : contactEdit(ui, data)}
      <dl class="ids">
        <dt>${t("contact.psid")}</dt><dd><code>${contact.psid}</code></dd>
        <dt>${t("contact.since")}</dt><dd>${time(ui, contact.createdAt, briefTime(ui, contact.createdAt))}</dd>
      </dl>
      ${data.simulates
        ? actionButton(ui, {
          action: `/admin/simulator/from/${encodeURIComponent(contact.id)}`,
          label: t("simulator.fromHere"),
        })
        : undefined}
      ${ownData(ui, contact.id)}
    </aside>
  `;
}

/** Their profile, whence one comes to the thread in the app; Instagram has no address for a thread of a business. */
function instagramLink({ t }: Ui, { username }: Contact): Child {
  if (username === undefined) return undefined;
  const href = `https://www.instagram.com/${encodeURIComponent(username)}/`;
  return html`<p class="small"><a href=${href} target="_blank" rel="noopener noreferrer">${
    t("contact.instagram")
  }</a></p>`;
}

/** What the contact may ask for: all that is kept of them, and that it goes. */
function ownData({ t, role }: Ui, contactId: string): Child {
  if (role === "viewer") return undefined;
  const id = encodeURIComponent(contactId);
  return html`<p class="actions"><a href=${`/api/v1/contacts/${id}/export`} download>${t("contact.export")}</a>
    ${
    role === "admin"
      ? [
        html`
          <a href=${`/admin/audit?object=${id}`}>${t("audit.history")}</a>
        `,
        html`<a href=${`/admin/inbox/${id}/erase`}>${t("contact.erase")}</a>`,
      ]
      : undefined
  }</p>`;
}

function facts(ui: Ui, data: ContactCardData): Child {
  const { contact } = data;
  const entries = Object.entries(contact.fields);
  if (entries.length === 0) return html`<p class="muted">${ui.t("contact.noFields")}</p>`;
  return html`<dl class="facts">${entries.map(([name, fact]) => factLine(ui, data, [name, fact]))}</dl>`;
}

function factLine(ui: Ui, data: ContactCardData, [name, fact]: readonly [string, Fact]): Child {
  const source = ui.t(`contact.source.${fact.source}`, { by: fact.by ?? "" });
  return [
    html`<dt><bdi>${visible(name)}</bdi></dt>`,
    html`<dd><span dir="auto">${linkedText(valueWords(ui, data, [name, fact]))}</span>
      <span class="muted source">${source}, ${time(ui, fact.at, briefTime(ui, fact.at))}${
      fact.previous === undefined ? "" : ` · ${ui.t("contact.previous", { value: visible(fact.previous) })}`
    }</span>
      ${fact.source === "person" ? undefined : undoButton(ui, data, [name, fact])}</dd>`,
  ];
}

/** Yes and no in the reader's language, everything else as it is. */
function valueWords({ t }: Ui, { defined }: ContactCardData, [name, { value }]: readonly [string, Fact]): string {
  const isYesNo = defined.some((field) => field.name === name && field.kind === "yesNo");
  if (!isYesNo || (value !== "yes" && value !== "no")) return value;
  return t(`contact.yesNo.${value}`);
}

/** What rule or agent noted can be taken back with one click. */
function undoButton(ui: Ui, { contact, query }: ContactCardData, [name, { value }]: readonly [string, Fact]): Child {
  return actionButton(ui, {
    action: `/admin/inbox/${encodeURIComponent(contact.id)}/contact/undo${query}`,
    label: ui.t("contact.undo"),
    described: visible(name),
    tone: "quiet",
    fields: { field: name, value },
  });
}
