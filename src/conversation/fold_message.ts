import type { Message } from "@/store/records.ts";
import { latest } from "@/conversation/due_time.ts";

/**
 * What a message looks like after everything that happened to it: edits, taking back, signs, being seen.
 * The order in which those events arrived makes no difference, nor does folding twice.
 */
export function foldMessage(message: Message, related: readonly Message[]): Message {
  const events = related.filter(({ refMid }) => refMid !== undefined && refMid === message.mid);
  if (events.length === 0) return message;
  const folded = foldReactions(foldSeen(foldEdits(message, events), events), events);
  return foldUnsend(folded, events);
}

function foldEdits(message: Message, events: readonly Message[]): Message {
  const edits = events.filter(({ kind, editNumber }) => kind === "edit" && (editNumber ?? 0) > 0);
  const newest = edits.reduce<Message | undefined>(
    (best, edit) => best === undefined || (edit.editNumber ?? 0) > (best.editNumber ?? 0) ? edit : best,
    undefined,
  );
  return newest === undefined ? message : { ...message, text: newest.text, editedAt: newest.at };
}

function foldSeen(message: Message, events: readonly Message[]): Message {
  if (message.role !== "assistant") return message;
  const seenAt = events.filter(({ kind }) => kind === "seen").map(({ at }) => at)
    .reduce<Date | undefined>((first, at) => first === undefined || at < first ? at : first, undefined);
  return seenAt === undefined ? message : { ...message, seenAt };
}

function foldReactions(message: Message, events: readonly Message[]): Message {
  const newest = events.filter(({ kind }) => kind === "reaction").reduce<Message | undefined>(
    (best, event) => best === undefined || comesAfter(event, best) ? event : best,
    undefined,
  );
  if (newest === undefined) return message;
  const emoji = newest.reaction?.action === "unreact" ? undefined : newest.reaction?.emoji;
  return { ...message, reactionEmoji: emoji };
}

function foldUnsend(message: Message, events: readonly Message[]): Message {
  const unsentAt = events.filter(({ kind }) => kind === "unsend").map(({ at }) => at)
    .reduce<Date | undefined>((last, at) => latest(last, at), undefined);
  return unsentAt === undefined ? message : eraseText({ ...message, unsentAt });
}

/** The message without anything that its author said in it. */
export function eraseText(message: Message): Message {
  return { ...message, text: undefined, attachments: [], replyTo: undefined, payload: undefined, referral: undefined };
}

/** Whether `a` stands after `b` in a history: by Instagram's time, then by id. */
export function comesAfter(
  a: { readonly at: Date; readonly id: string },
  b: { readonly at: Date; readonly id: string },
): boolean {
  return a.at.getTime() === b.at.getTime() ? a.id > b.id : a.at > b.at;
}
