/** Two commits, one after the other, that write every row of one conversation differently. */
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import type { Store } from "@/store/store.ts";
import { adaId, patched } from "@/store/testing/check.ts";
import {
  afterNoon,
  makeAuditEntry,
  makeCommand,
  makeItem,
  makeMessage,
  makeTurn,
  noon,
} from "@/store/testing/factories.ts";

/** Arms everything: a pending message, an item to send, a turn. */
export function armEverything(base: Aggregate): Change {
  return patched(base, {
    conversation: { unread: 1, dueAt: noon },
    contact: { name: "First" },
    debounce: { pending: [{ messageId: "m1", at: noon, receivedAt: noon }], dueAt: noon },
    outbound: [makeItem({ text: "first" })],
  }, {
    messages: [makeMessage({ text: "first" })],
    turns: [makeTurn({ messageIds: ["first"] })],
    commands: [makeCommand({ id: "c1" })],
    audit: [makeAuditEntry({ id: "a1", object: adaId })],
  });
}

/** Makes idle what `armEverything` armed, and writes its rows again. */
export function settleEverything(base: Aggregate): Change {
  return patched(base, {
    conversation: { unread: 0, dueAt: undefined },
    contact: { name: "Second" },
    debounce: { pending: [], dueAt: undefined },
    outbound: [makeItem({ text: "first", state: "sent", sentAt: afterNoon(1) })],
  }, {
    messages: [makeMessage({ text: "second" })],
    turns: [makeTurn({ messageIds: ["second"] })],
    commands: [makeCommand({ id: "c2" })],
    audit: [makeAuditEntry({ id: "a2", object: adaId })],
  });
}

/** Everything that the store tells of ada; the rows are read first, so that nobody finishes a list for them. */
export async function tell(store: Store): Promise<Record<string, unknown>> {
  return {
    messages: (await store.messages.page(adaId, { limit: 100 })).items,
    turns: await store.turns.list(adaId, { limit: 100 }),
    items: (await store.outbound.list({ conversationId: adaId, limit: 100 })).items,
    commands: [await store.commands.get("c1"), await store.commands.get("c2")],
    audit: (await store.audit.list({ object: adaId, limit: 100 })).map(({ id }) => id).toSorted(),
    aggregate: await store.conversations.load(adaId),
    feed: await heardOf(store),
  };
}

/** How much the feed tells of ada: whoever finishes a list again tells again, so that is told only up to once. */
async function heardOf(store: Store): Promise<boolean> {
  return (await store.feed.after(1, 100)).some(({ conversationId }) => conversationId === adaId);
}
