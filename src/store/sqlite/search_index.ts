import type { Contact, Message } from "@/store/records.ts";
import { searchTerms } from "@/store/search_terms.ts";
import type { Database } from "@/store/sqlite/database.ts";

/** Rows of `messages` and `search` that each conversation has room for; row 0 is its contact. */
export const rowsPerConversation = 2 ** 26;

/** Makes the contact findable by name, handle and Instagram's id. */
export function indexContact(db: Database, conversation: number, contact: Contact): void {
  const words = [contact.name, contact.username, contact.psid].filter((word) => word !== undefined);
  writeTerms(db, conversation * rowsPerConversation, words.join(" "));
}

/** Makes the message findable by its text; events about messages are not. */
export function indexMessage(db: Database, row: number, message: Message): void {
  writeTerms(db, row, message.role === "system" ? "" : message.text ?? "");
}

function writeTerms(db: Database, row: number, text: string): void {
  const terms = searchTerms(text).join(" ");
  const known = db.one<{ terms: string }>("SELECT terms FROM search WHERE rowid = :row", { row })?.terms ?? "";
  if (terms === known) return;
  if (known !== "") db.run("DELETE FROM search WHERE rowid = :row", { row });
  if (terms !== "") db.run("INSERT INTO search (rowid, terms) VALUES (:row, :terms)", { row, terms });
}

/** The FTS5 query for texts in which each word of `q` begins a word; undefined when `q` has no word. */
export function toMatch(q: string): string | undefined {
  const terms = [...new Set(searchTerms(q))];
  return terms.length === 0 ? undefined : terms.map((term) => `"${term}"*`).join(" AND ");
}
