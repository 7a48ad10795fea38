/** Writes one change of a conversation: the head by one guarded write, then the redo list. */
import { type Document, MongoError } from "mongodb";
import type { Change } from "@/conversation/aggregate.ts";
import type { ConversationId } from "@/store/records.ts";
import { type Database, isDuplicate } from "@/store/mongodb/database.ts";
import { fieldsToUnset, type Head, isErased, type RedoRow, toHeadFields } from "@/store/mongodb/head.ts";
import { finishRedo, toRedo } from "@/store/mongodb/redo.ts";

/** Commit ids that a head keeps: as many commits may follow before one whose answer was lost is no longer known. */
const keptCommits = 8;

/** Tries to write the head when answers are lost. */
const maxLost = 3;

/** What the head must still be for the commit to go on from it. */
type Basis = { readonly kind: "absent" } | { readonly kind: "live" | "erased"; readonly ver: number };

interface Commit {
  readonly id: string;
  readonly change: Change;
  readonly redo: readonly RedoRow[];
  readonly at: Date;
}

type Written = { readonly kind: "written"; readonly ver: number } | { readonly kind: "refused" } | {
  readonly kind: "lost";
  readonly error: MongoError;
};

/** Nothing is written unless the answer is `committed`. */
export async function commitChange(db: Database, change: Change, at: Date): Promise<"committed" | "conflict"> {
  if (!await claimCommands(db, change, at)) return "conflict";
  const commit = { id: crypto.randomUUID(), change, redo: toRedo(change), at };
  const { id, ver } = change.base.conversation;
  let basis: Basis = ver === 0 ? { kind: "absent" } : { kind: "live", ver };
  for (let lost = 0;;) {
    const written = await writeHead(db, commit, basis);
    if (written.kind === "lost" && ++lost > maxLost) throw written.error;
    const head = written.kind === "written"
      ? toHead(commit, written.ver)
      : await db.rows("conversations").findOne({ _id: id }) as Head | null ?? undefined;
    if (head?.commits?.includes(commit.id)) {
      await finishSoon(db, head);
      return "committed";
    }
    const next = await nextBasis(db, { ver, head, isLost: written.kind === "lost" });
    if (next === undefined) return "conflict";
    basis = next;
  }
}

/**
 * Puts this conversation's name to the commands before anything is written: of two conversations that act on one command
 * at the same moment, one finds the other's name there. Answers whether none of them was done or taken by another. What
 * was done is written by redo lists, and the aggregate's was finished by whoever read `base`.
 */
async function claimCommands(db: Database, { base, commands }: Change, at: Date): Promise<boolean> {
  const { id: conversationId, ver } = base.conversation;
  for (const { id } of commands) {
    await claimCommand(db, id, { conversationId, ver, at });
    const row = await db.rows("commands").findOne({ _id: id });
    if (row?.conversationId !== conversationId || row.bodyHash !== undefined) return false;
  }
  return true;
}

/** A claim is a command without what was asked. One that leads to nothing stays for its own conversation to use. */
async function claimCommand(db: Database, _id: string, claim: Document): Promise<void> {
  try {
    await db.rows("commands").updateOne({ _id }, { $setOnInsert: claim }, { upsert: true });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

async function writeHead(db: Database, commit: Commit, basis: Basis): Promise<Written> {
  try {
    const ver = basis.kind === "absent" ? 1 : basis.ver + 1;
    const isWritten = basis.kind === "absent" ? await insertHead(db, commit) : await updateHead(db, commit, basis);
    return isWritten ? { kind: "written", ver } : { kind: "refused" };
  } catch (error) {
    if (isDuplicate(error)) return { kind: "refused" };
    if (!(error instanceof MongoError)) throw error;
    return { kind: "lost", error };
  }
}

async function insertHead(db: Database, commit: Commit): Promise<boolean> {
  const { _id, commits, ...rest } = toHead(commit, 1);
  const { acknowledged } = await db.rows("conversations").insertOne({ _id, commits, ...rest });
  return acknowledged;
}

/** A list that is not finished is never written over: what it holds would be lost. */
async function updateHead(db: Database, commit: Commit, { kind, ver }: Basis & { ver: number }): Promise<boolean> {
  const { _id, commits: _, ...fields } = toHead(commit, ver + 1);
  const update: Document = {
    $set: fields,
    $unset: fieldsToUnset(commit.change.base.conversation, fields),
    $push: { commits: { $each: [commit.id], $slice: -keptCommits } },
  };
  const basis = { _id, ver, redo: null, committedAt: { $exists: kind === "live" } };
  const { matchedCount } = await db.rows("conversations").updateOne(basis, update);
  return matchedCount === 1;
}

function toHead({ id, change, redo, at }: Commit, ver: number): Head & { commits: readonly string[] } {
  const { conversation, debounce } = change.next;
  return {
    ...toHeadFields(conversation, debounce),
    _id: conversation.id,
    ver,
    commits: [id],
    committedAt: at,
    redo,
    redoSince: at,
  };
}

/** From where the commit may be tried again; undefined when somebody else's came first. */
async function nextBasis(
  db: Database,
  { ver, head, isLost }: { ver: number; head: Head | undefined; isLost: boolean },
): Promise<Basis | undefined> {
  if (head === undefined) return isLost && ver === 0 ? { kind: "absent" } : undefined;
  if (isErased(head)) return ver === 0 ? { kind: "erased", ver: head.ver } : undefined;
  if (head.ver !== ver) return undefined;
  if (head.redo !== undefined) await finishRedo(db, head);
  return head.redo !== undefined || isLost ? { kind: "live", ver } : undefined;
}

/** The change is committed with its head: when the rest fails now, the next reader or the sweep finishes it. */
async function finishSoon(db: Database, head: Head): Promise<void> {
  try {
    await finishRedo(db, head);
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
  }
}

/** The head of the conversation, its list finished; undefined when it does not exist. */
export async function readHead(db: Database, id: ConversationId): Promise<Head | undefined> {
  const head = await db.rows("conversations").findOne({ _id: id }) as Head | null;
  if (head === null || isErased(head)) return undefined;
  await finishRedo(db, head);
  return head;
}
