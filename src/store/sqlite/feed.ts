import type { ConversationId, FeedEntry } from "@/store/records.ts";
import type { FeedStore } from "@/store/store.ts";
import type { Database } from "@/store/sqlite/database.ts";

interface FeedRow {
  readonly seq: number;
  readonly id: ConversationId | null;
  readonly at: number;
}

export class SqliteFeed implements FeedStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  after(seq: number, limit: number): Promise<readonly FeedEntry[]> {
    return this.#db.ask(() =>
      this.#db.all<FeedRow>(
        "SELECT seq, conversation_id AS id, at FROM feed WHERE seq > :seq ORDER BY seq LIMIT :limit",
        { seq, limit },
      ).map(({ seq, id, at }) => ({ seq, ...(id === null ? {} : { conversationId: id }), at: new Date(at) }))
    );
  }

  newest(): Promise<number> {
    return this.#db.ask(() => this.#db.one<{ seq: number | null }>("SELECT max(seq) AS seq FROM feed")?.seq ?? 0);
  }

  /** Up to the first one that is young: entries lie in the order of their time. */
  removeBefore(at: Date): Promise<void> {
    return this.#db.ask(() => {
      this.#db.run(
        `DELETE FROM feed WHERE seq < coalesce(
           (SELECT seq FROM feed WHERE at >= :at ORDER BY seq LIMIT 1),
           (SELECT max(seq) FROM feed)
         )`,
        { at: at.getTime() },
      );
    });
  }
}

/** Inside the transaction of what is announced: SQLite writes one after another, so the numbers have no gap. */
export function announce(db: Database, id: ConversationId, now: Date): void {
  db.run("INSERT INTO feed (conversation_id, at) VALUES (:id, :at)", { id, at: now.getTime() });
}

/** Names the contact nowhere. Inside the erasure's transaction. */
export function announceErasure(db: Database, id: ConversationId, now: Date): void {
  db.run("UPDATE feed SET conversation_id = NULL WHERE conversation_id = :id", { id });
  db.run("INSERT INTO feed (at) VALUES (:at)", { at: now.getTime() });
}
