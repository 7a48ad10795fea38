/** Which row each record becomes: its fields, and beside them what only the store looks at. */
import type { Document } from "mongodb";
import type { Contact, Debounce, Message, Turn } from "@/store/records.ts";
import { searchedText, searchTerms } from "@/store/search_terms.ts";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";
import type { Row } from "@/store/mongodb/database.ts";

/** Fields that no record has. Of rows that belong to an aggregate, `ver` says which commit wrote them. */
const ofTheStore = ["_id", "ver", "terms", "tokens"] as const;

/** A row named by the record's own `id`. */
export function toRow<Rec extends { readonly id: string }>({ id, ...record }: Rec): Row {
  return { _id: id, ...toFields(record) };
}

/** The record of a row that an aggregate's commit wrote. */
export function fromRow<Rec extends { readonly id: string }>(row: Row): Rec {
  return { id: row._id, ...fromFields<object>(without(row, ofTheStore)) } as Rec;
}

export function toContactRow(contact: Contact): Row {
  const words = [contact.name, contact.username, contact.psid].filter((word) => word !== undefined);
  return { ...toRow(contact), terms: termsOf(words.join(" ")) };
}

export function toMessageRow(message: Message): Row {
  return { ...toRow(message), terms: termsOf(searchedText(message)) };
}

export function toTurnRow(turn: Turn): Row {
  return { ...toRow(turn), tokens: (turn.agent?.inputTokens ?? 0) + (turn.agent?.outputTokens ?? 0) };
}

export function toDebounceRow({ conversationId, ...debounce }: Debounce): Row {
  return { _id: conversationId, ...toFields(debounce) };
}

export function fromDebounceRow(row: Row): Debounce {
  return { conversationId: row._id, ...fromFields<Omit<Debounce, "conversationId">>(without(row, ofTheStore)) };
}

export function without(row: Document, names: readonly string[]): Document {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

function termsOf(text: string): string[] {
  return [...new Set(searchTerms(text))];
}
