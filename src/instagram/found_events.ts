/** What reading a thread brings to light, as the events that no webhook delivered. Pure. */
import type { InboundEvent } from "@/conversation/event.ts";
import type { ThreadMessage } from "@/instagram/client_thread.ts";
import type { ThreadHead } from "@/instagram/thread_list.ts";
import type { Message, MessageKind } from "@/store/records.ts";

/** Whose thread it is: Instagram's id of the account is not the same in every answer, its handle is. */
export interface Owner {
  readonly accountId: string;
  readonly username?: string;
}

/** The person on the other side; undefined when it cannot be told from the account for sure. */
export function contactOf({ participants }: Pick<ThreadHead, "participants">, owner: Owner): string | undefined {
  const others = participants.filter(({ id, username }) =>
    id !== owner.accountId && (username === undefined || username !== owner.username)
  );
  return others.length === 1 && participants.length === 2 ? others[0]?.id : undefined;
}

export interface FoundContext {
  readonly accountId: string;
  readonly psid: string;
  /** What the store has under the messages' ids. */
  readonly known: readonly Message[];
  /** Older messages are none of Moca's business. */
  readonly since: Date;
  /** Newer ones may still come by webhook. */
  readonly until: Date;
}

/**
 * The events of a thread that Moca does not know, oldest first; `messages` are newest first. Each has the key that
 * its webhook would have, so that one which comes after all meets its own row.
 */
export function foundEvents(messages: readonly ThreadMessage[], context: FoundContext): readonly InboundEvent[] {
  const byMid = new Map(context.known.flatMap((row) => row.mid === undefined ? [] : [[row.mid, row] as const]));
  const thread = apart(messages.toReversed());
  return thread.flatMap((message, index) => {
    if (byMid.has(message.mid) || message.at < context.since || message.at > context.until) return [];
    const answer = thread.slice(index + 1).find((later) => isFromPerson(later, byMid.get(later.mid), context.psid));
    return [toEvent(message, answer?.at, context)];
  });
}

/** Instagram tells whole seconds: messages of the same one keep their order by a millisecond each. */
function apart(oldestFirst: readonly ThreadMessage[]): readonly ThreadMessage[] {
  let last = Number.NEGATIVE_INFINITY;
  return oldestFirst.map((message) => {
    last = Math.max(message.at.getTime(), last + 1);
    return { ...message, at: new Date(last) };
  });
}

/** Whether somebody of the business wrote it: what Moca does not know was typed in the Instagram app. */
function isFromPerson({ fromId }: ThreadMessage, row: Message | undefined, psid: string): boolean {
  return fromId !== undefined && fromId !== psid && row?.author !== "bot";
}

function toEvent(message: ThreadMessage, answeredAt: Date | undefined, context: FoundContext): InboundEvent {
  const { accountId, psid } = context;
  const { mid, at, text, attachments = [], fromId } = message;
  const direction = fromId === psid ? "in" : "out";
  return {
    accountId,
    psid,
    key: `msg:${mid}`,
    kind: kindOf(message),
    direction,
    mid,
    ...(text === "" ? {} : { text }),
    attachments,
    at,
    standby: false,
    test: false,
    source: "backfill",
    ...(direction === "in" && answeredAt !== undefined ? { answeredAt } : {}),
  };
}

/** Shared posts and what is shown once are empty in every thread: only the webhook would have told. */
function kindOf({ text, attachments = [], unsupported }: ThreadMessage): MessageKind {
  if (unsupported) return "unsupported";
  if (attachments.length > 0) return "media";
  return text === "" ? "unsupported" : "text";
}
