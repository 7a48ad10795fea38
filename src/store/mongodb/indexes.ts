import type { IndexDescription } from "mongodb";
import type { Database } from "@/store/mongodb/database.ts";

/** One index for each question that is asked often. Plain ones only: every server that speaks the protocol has them. */
export const indexes: Readonly<Record<string, readonly IndexDescription[]>> = {
  conversations: [
    { name: "recent", key: { lastAt: -1, _id: -1 } },
    { name: "recent_of_account", key: { accountId: 1, lastAt: -1, _id: -1 } },
    { name: "recent_by_state", key: { state: 1, lastAt: -1, _id: -1 } },
    { name: "recent_needed", key: { needed: 1, lastAt: -1, _id: -1 } },
    { name: "waiting", key: { needed: 1, waitingAt: 1, _id: 1 } },
    { name: "recent_answered", key: { answered: 1, lastAt: -1, _id: -1 } },
    { name: "window", key: { windowClosesAt: 1, _id: 1 } },
    { name: "recent_unread", key: { hasUnread: 1, lastAt: -1, _id: -1 } },
    { name: "recent_assigned", key: { assignee: 1, lastAt: -1, _id: -1 } },
    { name: "turns_due", key: { turnDueAt: 1, _id: 1 } },
    { name: "sends_due", key: { dueAt: 1, _id: 1 } },
    { name: "unfinished", key: { redoSince: 1 } },
    { name: "erased", key: { sweepErasedAt: 1 } },
  ],
  contacts: [
    { name: "search", key: { terms: 1 } },
    { name: "tagged", key: { tags: 1 } },
    { name: "by_profile", key: { accountId: 1, profile: 1, _id: 1 } },
  ],
  feed: [
    { name: "order", key: { seq: 1 } },
    { name: "of_conversation", key: { conversations: 1 } },
  ],
  knowledge: [
    { name: "of_account", key: { accountId: 1, title: 1, _id: 1 } },
    { name: "search", key: { accountId: 1, terms: 1 } },
  ],
  messages: [
    { name: "history", key: { conversationId: 1, at: -1, _id: -1 } },
    { name: "of_account", key: { accountId: 1, at: 1 } },
    { name: "by_mid", key: { accountId: 1, mid: 1 } },
    { name: "by_ref_mid", key: { accountId: 1, refMid: 1 } },
    { name: "search", key: { terms: 1 } },
    { name: "search_in_conversation", key: { conversationId: 1, terms: 1 } },
  ],
  turns: [
    { name: "of_conversation", key: { conversationId: 1, number: -1 } },
    { name: "by_time", key: { conversationId: 1, decidedAt: 1 } },
    { name: "of_account", key: { accountId: 1, decidedAt: 1, tokens: 1 } },
    { name: "past", key: { accountId: 1, decidedAt: 1, _id: 1 } },
  ],
  "outbound_queue": [
    { name: "open", key: { conversationId: 1, state: 1 } },
    { name: "recent", key: { createdAt: -1, _id: -1 } },
    { name: "recent_by_state", key: { state: 1, createdAt: -1, _id: -1 } },
    { name: "recent_of_conversation", key: { conversationId: 1, createdAt: -1, _id: -1 } },
  ],
  envelopes: [
    { name: "by_state", key: { state: 1, receivedAt: 1, entry: 1 } },
    { name: "by_time", key: { receivedAt: 1, entry: 1 } },
  ],
  commands: [{ name: "of_conversation", key: { conversationId: 1 } }, { name: "by_time", key: { at: 1 } }],
  "canned_replies": [{ name: "of_account", key: { accountId: 1, title: 1, _id: 1 } }],
  "typed_texts": [{ name: "of_conversation", key: { conversationId: 1 } }, { name: "by_time", key: { savedAt: 1 } }],
  simulations: [{ name: "of_account", key: { accountId: 1, name: 1, _id: 1 } }],
  "saved_views": [{ name: "of_operator", key: { operator: 1, name: 1 } }],
  sessions: [{ name: "expiring", key: { expiresAt: 1 } }],
  "audit_log": [
    { name: "recent", key: { at: -1, _id: -1 } },
    { name: "of_object", key: { object: 1, at: -1, _id: -1 } },
    { name: "of_actor", key: { actor: 1, at: -1, _id: -1 } },
    { name: "of_action", key: { action: 1, at: -1, _id: -1 } },
  ],
};

/** Makes the indexes that are missing. */
export async function makeIndexes(db: Database): Promise<void> {
  for (const [name, wanted] of Object.entries(indexes)) {
    await db.ask(() => db.rows(name).createIndexes([...wanted]));
  }
}
