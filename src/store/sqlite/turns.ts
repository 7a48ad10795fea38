import type { ConversationId, Turn } from "@/store/records.ts";
import type {
  MentionQuery,
  PastTurnsPage,
  PastTurnsQuery,
  PeriodQuery,
  RuleRuns,
  TurnResult,
  TurnStore,
} from "@/store/store.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import { decode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { type DataRow, toList } from "@/store/sqlite/rows.ts";

export class SqliteTurns implements TurnStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(id: string): Promise<Turn | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM turns WHERE id = :id", { id });
      return row && toTurn(row);
    });
  }

  byIds(ids: readonly string[]): Promise<readonly Turn[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM turns WHERE id IN (SELECT value FROM json_each(:ids))", {
        ids: toList(ids),
      }).map(toTurn)
    );
  }

  removeBefore(accountId: string, at: Date): Promise<number> {
    return this.#db.ask(() =>
      this.#db.run("DELETE FROM turns WHERE account_id = :accountId AND decided_at < :at", {
        accountId,
        at: at.getTime(),
      })
    );
  }

  list(
    conversationId: ConversationId,
    { limit, beforeNumber = Number.MAX_SAFE_INTEGER }: { limit: number; beforeNumber?: number },
  ): Promise<readonly Turn[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        `SELECT data FROM turns WHERE conversation_id = :conversationId AND number < :beforeNumber
         ORDER BY number DESC LIMIT :limit`,
        { conversationId, beforeNumber, limit },
      ).map(toTurn)
    );
  }

  /** The id stands in the record's text as JSON writes it. */
  mentioning({ conversationId, messageId, since, limit }: MentionQuery): Promise<readonly Turn[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        `SELECT data FROM turns WHERE conversation_id = :conversationId AND decided_at >= :since
         AND instr(data, :mention) > 0 ORDER BY decided_at DESC LIMIT :limit`,
        { conversationId, since: since.getTime(), mention: JSON.stringify(messageId), limit },
      ).map(toTurn)
    );
  }

  past({ accountId, since, limit, cursor }: PastTurnsQuery): Promise<PastTurnsPage> {
    const from = fromCursor(cursor) ?? { at: since.getTime(), id: "" };
    return this.#db.ask(() => {
      const rows = this.#db.all<DataRow & { id: string; at: number }>(
        `SELECT id, decided_at AS at, json_remove(data, '$.agent') AS data FROM turns
         WHERE account_id = :accountId AND decided_at >= :at AND (decided_at, id) > (:at, :id)
         ORDER BY decided_at, id LIMIT :limit`,
        { accountId, ...from, limit },
      );
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return { items: rows.map(toTurn), ...(last && { nextCursor: toCursor(last) }) };
    });
  }

  countSince(conversationId: ConversationId, at: Date): Promise<number> {
    return this.#db.ask(() =>
      this.#db.one<{ count: number }>(
        "SELECT count(*) AS count FROM turns WHERE conversation_id = :conversationId AND decided_at >= :at",
        { conversationId, at: at.getTime() },
      )?.count ?? 0
    );
  }

  tokensSince(accountId: string, at: Date): Promise<number> {
    return this.#db.ask(() =>
      this.#db.one<{ tokens: number }>(
        "SELECT coalesce(sum(tokens), 0) AS tokens FROM turns WHERE account_id = :accountId AND decided_at >= :at",
        { accountId, at: at.getTime() },
      )?.tokens ?? 0
    );
  }

  contactTokensSince(conversationId: ConversationId, at: Date): Promise<number> {
    return this.#db.ask(() =>
      this.#db.one<{ tokens: number }>(
        `SELECT coalesce(sum(tokens), 0) AS tokens FROM turns
         WHERE conversation_id = :conversationId AND decided_at >= :at`,
        { conversationId, at: at.getTime() },
      )?.tokens ?? 0
    );
  }

  ruleRuns({ accountId, since, before, limit }: PeriodQuery): Promise<readonly RuleRuns[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        `SELECT json_object('id', id, 'decidedAt', json_object('$at', decided_at), 'rules', data -> '$.rules') AS data
         FROM turns WHERE account_id = :accountId AND decided_at >= :since AND decided_at < :before
         ORDER BY decided_at DESC LIMIT :limit`,
        { accountId, since: since.getTime(), before: before?.getTime() ?? Number.MAX_SAFE_INTEGER, limit },
      ).map(({ data }) => decode<RuleRuns>(data))
    );
  }

  /** Merging into nothing leaves out what is absent. */
  outcomes({ accountId, since, before, limit }: PeriodQuery): Promise<readonly TurnResult[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>(
        `SELECT json_patch('{}', json_object(
           'decidedAt', json_object('$at', decided_at),
           'messageIds', data -> '$.messageIds',
           'outboundIds', data -> '$.outboundIds',
           'outcome', json_object('kind', data ->> '$.outcome.kind', 'reason', data ->> '$.outcome.reason'),
           'topic', data ->> '$.topic',
           'review', data -> '$.review'
         )) AS data FROM turns WHERE account_id = :accountId AND decided_at >= :since
         AND decided_at < :before ORDER BY decided_at DESC LIMIT :limit`,
        { accountId, since: since.getTime(), before: before?.getTime() ?? Number.MAX_SAFE_INTEGER, limit },
      ).map(({ data }) => decode<TurnResult>(data))
    );
  }
}

function toTurn({ data }: DataRow): Turn {
  return decode<Turn>(data);
}
