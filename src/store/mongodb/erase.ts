import type { ConversationId } from "@/store/records.ts";
import { readHead } from "@/store/mongodb/commit.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { announceErasure, forgetName } from "@/store/mongodb/feed.ts";
import { type Head, isErased } from "@/store/mongodb/head.ts";

/** Collections whose rows belong to one conversation, by the field that names it. */
const owned: readonly (readonly [collection: string, field: string])[] = [
  ["contacts", "_id"],
  ["debounce", "_id"],
  ["messages", "conversationId"],
  ["turns", "conversationId"],
  ["outbound_queue", "conversationId"],
  ["commands", "conversationId"],
  ["typed_texts", "conversationId"],
];

/** How long after an erasure somebody may still finish an old redo list, in milliseconds, and how often is looked. */
const lateMs = 24 * 3_600_000;
const sweepEveryMs = 600_000;

/**
 * Removes every row of the conversation. A tombstone without any data takes the head's place: its `ver` goes on
 * counting, so that no late write finds the version that it expects. Answers the contact's `psid`, by which the
 * rest is found; undefined when there is no such conversation.
 */
export async function eraseConversation(db: Database, id: ConversationId, now: Date): Promise<string | undefined> {
  for (;;) {
    const head = await readHead(db, id);
    if (head === undefined) return undefined;
    const tombstone = { ver: head.ver + 1, erasedVer: head.ver, ...sweepTimes(now) };
    const { matchedCount } = await db.rows("conversations").replaceOne({ _id: id, ver: head.ver }, tombstone);
    if (matchedCount === 0) continue;
    await removeRows(db, id, head.ver);
    await announceErasure(db, id, now);
    return String(head.psid);
  }
}

function sweepTimes(now: Date): { erasedAt: Date; sweepErasedAt: Date } {
  return { erasedAt: now, sweepErasedAt: new Date(now.getTime() + sweepEveryMs) };
}

/** Removes again what late writers brought back of those erased. After a day nobody is late any more. */
export async function sweepErased(db: Database, now: Date): Promise<void> {
  const due = await db.rows("conversations").find({ sweepErasedAt: { $lte: now } }).limit(100).toArray() as Head[];
  for (const head of due) {
    await removeRows(db, head._id, head.erasedVer ?? 0);
    if (isErased(head)) await forgetName(db, head._id);
    if (now.getTime() < head.erasedAt.getTime() + lateMs) await sweepAgain(db, head, now);
    else await forget(db, head);
  }
}

async function sweepAgain(db: Database, { _id, erasedAt }: Head, now: Date): Promise<void> {
  const { sweepErasedAt } = sweepTimes(now);
  await db.rows("conversations").updateOne({ _id, erasedAt }, { $set: { sweepErasedAt } });
}

/** A tombstone goes; a contact who wrote again keeps the conversation without the marks. */
async function forget(db: Database, { _id, erasedAt }: Head): Promise<void> {
  const heads = db.rows("conversations");
  await heads.deleteOne({ _id, erasedAt, committedAt: { $exists: false } });
  await heads.updateOne({ _id, erasedAt }, { $unset: { erasedVer: "", erasedAt: "", sweepErasedAt: "" } });
}

/** Rows of a later version belong to the same contact, who has written again since. */
async function removeRows(db: Database, id: ConversationId, ver: number): Promise<void> {
  await Promise.all(owned.map(([name, field]) => db.rows(name).deleteMany({ [field]: id, ver: { $lte: ver } })));
}
