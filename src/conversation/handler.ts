import type { Conversation, Handler } from "@/store/records.ts";
import { addMs, earliest, latest } from "@/conversation/due_time.ts";
import { type Change, withConversation } from "@/conversation/aggregate.ts";
import { cancelBotItems } from "@/conversation/outbound_items.ts";

/** Who answers at `now`: a person's time that is over is the bot's again. */
export function handlerAt(conversation: Conversation, now: Date): Handler {
  const { handler } = conversation;
  if (handler.kind === "person" && handler.until.getTime() <= now.getTime()) return { kind: "bot" };
  return handler;
}

export interface TakeOver {
  readonly by: string;
  readonly reason: string;
  /** True when nobody has answered yet and somebody must. */
  readonly needed: boolean;
  /** From when the person's time counts. */
  readonly at: Date;
  readonly takeoverHours: number;
}

/**
 * Gives the conversation to a person and cancels the bot's items that were not begun, in one step. A longer
 * time already set stays.
 */
export function takeOver(change: Change, takeover: TakeOver, now: Date): Change {
  const until = addMs(takeover.at, takeover.takeoverHours * 3_600_000);
  if (until.getTime() <= now.getTime()) return change;
  const current = handlerAt(change.next.conversation, now);
  const handler: Handler = {
    kind: "person",
    since: current.kind === "person" ? earliest(current.since, takeover.at) : takeover.at,
    until: current.kind === "person" ? latest(current.until, until) : until,
    by: takeover.by,
    reason: takeover.reason,
    needed: takeover.needed,
  };
  return cancelBotItems(withConversation(change, { handler }), "a person took over", now);
}

/** Gives the conversation back to the bot. What the contact wrote meanwhile stays decided. */
export function handBack(change: Change): Change {
  return withConversation(change, { handler: { kind: "bot" } });
}
