import type { Contact } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { visible } from "@views/parts/linked_text.ts";

/** The name to call a contact by: name, else handle, else Instagram's id. */
export function contactName(contact: Contact): string {
  if (contact.name !== undefined && contact.name.trim() !== "") return visible(contact.name);
  return contact.username === undefined ? contact.psid : `@${visible(contact.username)}`;
}

/** First letters of the name; Instagram's pictures are never loaded from elsewhere. */
export function avatar(contact: Contact): VNode {
  const words = (contact.name ?? contact.username ?? "").split(/\s+/).filter((word) => /\p{L}/u.test(word));
  const letters = words.slice(0, 2).map((word) => word.match(/\p{L}/u)?.[0] ?? "").join("").toUpperCase();
  return html`<span class="avatar" aria-hidden="true">${letters === "" ? "?" : letters}</span>`;
}
