import type { Message } from "@/store/records.ts";

/**
 * The words of a text as the search compares them: accents and case folded, in order, repetitions kept. Both
 * stores index and query with this one function, so that they find the same.
 */
export function searchTerms(text: string): string[] {
  const folded = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ");
  return folded.normalize("NFKD").match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What of a message is found by a search: what was said or noted, not the events about messages. */
export function searchedText({ role, kind, text = "" }: Pick<Message, "role" | "kind" | "text">): string {
  return role === "system" && kind !== "note" ? "" : text;
}
