/** Conversations that are picked by what lies in another collection. */
import type { Document } from "mongodb";
import { type ConversationQuery, tagLimit } from "@/store/store.ts";
import type { Database } from "@/store/mongodb/database.ts";

export interface Members {
  /** Their ids; absent when there are too many to be listed. */
  readonly known?: ReadonlySet<string>;
  /** Which of these conversations are among them. */
  readonly among: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Those that a search finds. */
export interface Found extends Members {
  /** By conversation, the text of a message that the search finds. */
  readonly texts: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** Those of contacts with the tag that is asked for, and those with a text that waits for a person. */
export async function toMembers(db: Database, { tag, failed }: ConversationQuery, max: number): Promise<Members[]> {
  return await Promise.all([
    ...(tag === undefined ? [] : [picked(db, { name: "contacts", idField: "_id", filter: { tags: tag } }, max)]),
    ...(failed === true ? [picked(db, failedItems, max)] : []),
  ]);
}

interface Pick {
  readonly name: "contacts" | "outbound_queue";
  readonly idField: string;
  readonly filter: Document;
}

const failedItems: Pick = {
  name: "outbound_queue",
  idField: "conversationId",
  filter: { state: { $in: ["failed", "held", "expired"] } },
};

/** Which of these conversations have a text that did not leave. */
export async function failedAmong(db: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await readIds(db, { ...failedItems, filter: both(failedItems, ids) }, 0));
}

async function picked(db: Database, pick: Pick, max: number): Promise<Members> {
  const ids = await readIds(db, pick, max + 1);
  return {
    ...(ids.length > max ? {} : { known: new Set(ids) }),
    among: async (some) => new Set(await readIds(db, { ...pick, filter: both(pick, some) }, 0)),
  };
}

function both({ filter, idField }: Pick, ids: readonly string[]): Document {
  return { $and: [{ [idField]: { $in: [...ids] } }, filter] };
}

async function readIds(db: Database, { name, idField, filter }: Pick, limit: number): Promise<string[]> {
  const rows = await db.rows(name).find(filter).project<Record<string, string>>({ [idField]: 1 }).limit(limit)
    .toArray();
  return rows.map((row) => row[idField]);
}

/** Tags that contacts have, from the index. */
export async function listTags(db: Database): Promise<readonly string[]> {
  const tags = await db.rows("contacts").distinct("tags") as string[];
  return tags.toSorted().slice(0, tagLimit);
}
