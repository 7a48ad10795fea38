import type { ConversationId } from "@/store/records.ts";

/** The limit key under which an account's latest erasure is noted; it names no contact. */
export function erasedKey(id: ConversationId, psid: string): string {
  return `${id.slice(0, -psid.length - 1)}:erased`;
}
