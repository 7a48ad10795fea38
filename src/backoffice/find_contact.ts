import type { Contact } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** The contact of exactly that handle or id, else the first that a search finds. */
export async function findContact(
  { conversations }: Pick<Store, "conversations">,
  wanted: string,
): Promise<Contact | undefined> {
  const q = wanted.replace(/^@/, "");
  const { items } = await conversations.list({ q, limit: 20 });
  const contacts = items.map(({ contact }) => contact);
  const exact = contacts.find(({ username, psid }) => username?.toLowerCase() === q.toLowerCase() || psid === q);
  return exact ?? contacts[0];
}
