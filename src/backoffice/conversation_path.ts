/** Where a conversation's page is, with the list beside it as it was. */
import type { Context } from "hono";
import type { ConversationId } from "@/store/records.ts";
import { withPart } from "@views/parts/address.ts";

/** Of a page's address, what speaks of the conversation and not of the list. */
const ownParts = ["undo", "draft", "before", "since", "new"];

/** The list's part of the address that was asked for, from `?` on; empty when there is none. */
export function listQuery(c: Context): string {
  const query = new URL(c.req.url).searchParams;
  for (const part of ownParts) query.delete(part);
  return query.size === 0 ? "" : `?${query}`;
}

/** `undo`: the change that the page offers to take back. */
export function conversationPath(c: Context, id: ConversationId, { undo }: { readonly undo?: string } = {}): string {
  return withPart(`/admin/inbox/${encodeURIComponent(id)}${listQuery(c)}`, "undo", undo);
}
