/** Which conversations the inbox shows, and in which order, as far as their own documents tell. */
import type { Document, Filter } from "mongodb";
import type { Position } from "@/store/cursor.ts";
import type { ConversationQuery } from "@/store/store.ts";
import { farFuture, type Row } from "@/store/mongodb/database.ts";
import { afterPosition, beforePosition } from "@/store/mongodb/paging.ts";

/** A part of the list that is in the order of one field. */
export interface Stretch {
  readonly filter: Document;
  readonly field: "lastAt" | "waitingAt" | "windowClosesAt";
  readonly direction: 1 | -1;
}

export function toFilter(query: ConversationQuery, now: Date): Filter<Row> {
  const { accountId, state, handler, needed, answered, unread, closingWithinMs, assignee } = query;
  const conditions = [
    // Only what was not erased has the field.
    { lastAt: { $lte: farFuture } },
    accountId === undefined ? {} : { accountId },
    state === undefined ? {} : { state },
    handler === undefined ? {} : handledBy(handler, now),
    needed === true ? wantsPerson(now) : {},
    answered === true ? { answered: true, needed: false } : {},
    unread === true ? { hasUnread: true } : {},
    assignee === undefined ? {} : { assignee },
    closingWithinMs === undefined
      ? {}
      : { windowClosesAt: { $gt: now, $lte: new Date(now.getTime() + closingWithinMs) } },
  ];
  return allOf(conditions);
}

/** What is not empty among them. */
export function allOf(conditions: readonly Document[]): Document {
  return { $and: conditions.filter((condition) => Object.keys(condition).length > 0) };
}

/** A person's time that is over is the bot's again, without any write. */
function handledBy(handler: "bot" | "person", now: Date): Document {
  return { personUntil: handler === "person" ? { $gt: now } : { $not: { $gt: now } } };
}

function wantsPerson(now: Date): Document {
  return {
    needed: true,
    $or: [{ draft: { $exists: true } }, { windowNoticeAt: { $exists: true } }, handledBy("person", now)],
  };
}

function wantsNobody(now: Date): Document {
  const isOver = handledBy("bot", now);
  return {
    $or: [{ needed: false }, { ...isOver, draft: { $exists: false }, windowNoticeAt: { $exists: false } }],
  };
}

export function stretchesOf({ sort = "newest", needed }: ConversationQuery, now: Date): readonly Stretch[] {
  switch (sort) {
    case "newest":
      return [newestFirst({})];
    case "attention": {
      const waiting: Stretch = { filter: wantsPerson(now), field: "waitingAt", direction: 1 };
      return needed === true ? [waiting] : [waiting, newestFirst(wantsNobody(now))];
    }
    case "window":
      return [
        { filter: { windowClosesAt: { $gt: now } }, field: "windowClosesAt", direction: 1 },
        newestFirst({ windowClosesAt: { $not: { $gt: now } } }),
      ];
  }
}

export function newestFirst(filter: Document): Stretch {
  return { filter, field: "lastAt", direction: -1 };
}

export function behind({ field, direction }: Stretch, position: Position | undefined): Document {
  if (position === undefined) return {};
  return direction === 1 ? afterPosition(field, position) : beforePosition(field, position);
}
