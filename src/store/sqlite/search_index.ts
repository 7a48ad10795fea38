/**
 * What the search looks into. A text's words lie in three tables: `search` tells in which texts a word is, for words that
 * few have; `words` tells which words a conversation has, for those that many have; `vocabulary` tells which words
 * there are.
 */
import type { Contact, Message } from "@/store/records.ts";
import { searchedText, searchTerms } from "@/store/search_terms.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { toList } from "@/store/sqlite/rows.ts";

/** Rows of `messages` and `search` that each conversation has room for; row 0 is its contact. */
export const rowsPerConversation = 2 ** 26;

/** Makes the contact findable by name, handle and Instagram's id. */
export function indexContact(db: Database, conversation: number, contact: Contact): void {
  const words = [contact.name, contact.username, contact.psid].filter((word) => word !== undefined);
  writeTerms(db, conversation * rowsPerConversation, words.join(" "));
}

/** Makes the message findable by its text. */
export function indexMessage(db: Database, row: number, message: Message): void {
  writeTerms(db, row, searchedText(message));
}

function writeTerms(db: Database, row: number, text: string): void {
  const terms = searchTerms(text);
  const known = termsOf(db, row);
  if (terms.join(" ") === known.join(" ")) return;
  if (known.length > 0) removeRow(db, { row, terms: known });
  if (terms.length > 0) addRow(db, row, terms);
  forgetUnused(db, known.filter((term) => !terms.includes(term)));
}

/** Takes the texts of these rows out of the search. */
export function unindexRows(db: Database, rows: readonly number[]): void {
  const known = rows.map((row) => ({ row, terms: termsOf(db, row) }));
  for (const text of known) removeRow(db, text);
  forgetUnused(db, known.flatMap(({ terms }) => terms));
}

/** Takes all of a conversation out of the search. */
export function unindexConversation(db: Database, conversation: number): void {
  const terms = db.all<{ term: string }>("SELECT DISTINCT term FROM words WHERE n = :n", { n: conversation });
  const from = conversation * rowsPerConversation;
  db.run("DELETE FROM search WHERE rowid >= :from AND rowid < :end", { from, end: from + rowsPerConversation });
  db.run("DELETE FROM words WHERE n = :n", { n: conversation });
  forgetUnused(db, terms.map(({ term }) => term));
}

function termsOf(db: Database, row: number): string[] {
  const terms = db.one<{ terms: string }>("SELECT terms FROM search WHERE rowid = :row", { row })?.terms;
  return terms === undefined ? [] : terms.split(" ");
}

function addRow(db: Database, row: number, terms: readonly string[]): void {
  const list = toList(terms);
  db.run("INSERT INTO search (rowid, terms) VALUES (:row, :terms)", { row, terms: terms.join(" ") });
  db.run("INSERT OR IGNORE INTO words SELECT :n, value, :k FROM json_each(:list)", { ...placeOf(row), list });
  db.run("INSERT OR IGNORE INTO vocabulary SELECT value FROM json_each(:list)", { list });
}

function removeRow(db: Database, { row, terms }: { row: number; terms: readonly string[] }): void {
  const list = toList(terms);
  db.run("DELETE FROM search WHERE rowid = :row", { row });
  db.run("DELETE FROM words WHERE n = :n AND k = :k AND term IN (SELECT value FROM json_each(:list))", {
    ...placeOf(row),
    list,
  });
}

/** The number of the row's conversation, and of the text in it. */
function placeOf(row: number): { readonly n: number; readonly k: number } {
  return { n: Math.floor(row / rowsPerConversation), k: row % rowsPerConversation };
}

/** A word that no text has any more may be a name: it goes as well. */
function forgetUnused(db: Database, terms: readonly string[]): void {
  for (const term of new Set(terms)) {
    const used = db.one("SELECT 1 FROM search WHERE search MATCH :match LIMIT 1", { match: `"${term}"` });
    if (used === undefined) db.run("DELETE FROM vocabulary WHERE term = :term", { term });
  }
}
