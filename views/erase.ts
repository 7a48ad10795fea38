import type { Contact } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { type Count, countText } from "@views/parts/count.ts";
import { csrfField } from "@views/parts/form.ts";
import { contactName } from "@views/parts/person.ts";
import type { Ui } from "@views/ui.ts";

export interface EraseData {
  readonly contact: Contact;
  readonly messages: Count;
  readonly turns: Count;
  readonly outbound: Count;
}

/** Says what goes when a contact is erased, and asks. */
export function erasePage(ui: Ui, data: EraseData): VNode {
  const { contact } = data;
  const { t } = ui;
  const path = `/admin/inbox/${encodeURIComponent(contact.id)}`;
  return html`
    <div class="page-body">
      <h1>${t("erase.title")}</h1>
      <section class="card stack">
        <p><strong><bdi>${contactName(contact)}</bdi></strong> <span class="muted">${contact.psid}</span></p>
        <p>${t("erase.what")}</p>
        <ul>
          <li>${t("erase.facts", { count: Object.keys(contact.fields).length, tags: contact.tags.length })}</li>
          <li>${t("erase.messages", counted(ui, data.messages))}</li>
          <li>${t("erase.turns", counted(ui, data.turns))}</li>
          <li>${t("erase.outbound", counted(ui, data.outbound))}</li>
        </ul>
        <p class="muted">${t("erase.stays")}</p>
        <p><a href=${`/api/v1/contacts/${encodeURIComponent(contact.id)}/export`} download>${t(
          "contact.export",
        )}</a></p>
        <form method="post" action=${`${path}/erase`} class="actions">
      ${csrfField(ui)}
      <button class="button danger">${t("erase.confirm")}</button>
      <a class="button" href=${path}>${t("erase.cancel")}</a>
        </form>
      </section>
    </div>
  `;
}

function counted(ui: Ui, count: Count): { readonly count: number; readonly shown: string } {
  return { count: count.count, shown: countText(ui, count) };
}
