import type { Filter } from "mongodb";
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
import { type Database, farFuture, type Row } from "@/store/mongodb/database.ts";
import { afterPosition } from "@/store/mongodb/paging.ts";
import { fromCursor, toCursor } from "@/store/cursor.ts";
import { fromRow } from "@/store/mongodb/rows.ts";

export class MongoTurns implements TurnStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("turns");
  }

  get(id: string): Promise<Turn | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : fromRow<Turn>(row);
    });
  }

  byIds(ids: readonly string[]): Promise<readonly Turn[]> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ _id: { $in: [...ids] } }).toArray();
      return rows.map((row) => fromRow<Turn>(row));
    });
  }

  list(
    conversationId: ConversationId,
    { limit, beforeNumber = Number.MAX_SAFE_INTEGER }: { limit: number; beforeNumber?: number },
  ): Promise<readonly Turn[]> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ conversationId, number: { $lt: beforeNumber } })
        .sort({ number: -1 }).limit(limit).toArray();
      return rows.map((row) => fromRow<Turn>(row));
    });
  }

  mentioning({ conversationId, messageId, since, limit }: MentionQuery): Promise<readonly Turn[]> {
    return this.#db.ask(async () => {
      const mention = [{ messageIds: messageId }, { "agent.prompt.shows.messageId": messageId }];
      const rows = await this.#rows.find({ conversationId, decidedAt: { $gte: since }, $or: mention })
        .sort({ decidedAt: -1 }).limit(limit).toArray();
      return rows.map((row) => fromRow<Turn>(row));
    });
  }

  past({ accountId, since, limit, cursor }: PastTurnsQuery): Promise<PastTurnsPage> {
    const from = fromCursor(cursor) ?? { at: since.getTime(), id: "" };
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ accountId, ...afterPosition("decidedAt", from) })
        .project<Row>({ agent: 0 }).sort({ decidedAt: 1, _id: 1 }).limit(limit).toArray();
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        items: rows.map((row) => fromRow<Turn>(row)),
        ...(last && { nextCursor: toCursor({ at: last.decidedAt.getTime(), id: last._id }) }),
      };
    });
  }

  removeBefore(accountId: string, at: Date): Promise<number> {
    return this.#db.ask(async () => (await this.#rows.deleteMany({ accountId, decidedAt: { $lt: at } })).deletedCount);
  }

  countSince(conversationId: ConversationId, at: Date): Promise<number> {
    return this.#db.ask(() => this.#rows.countDocuments({ conversationId, decidedAt: { $gte: at } }));
  }

  tokensSince(accountId: string, at: Date): Promise<number> {
    return this.#tokens({ accountId, decidedAt: { $gte: at } });
  }

  contactTokensSince(conversationId: ConversationId, at: Date): Promise<number> {
    return this.#tokens({ conversationId, decidedAt: { $gte: at } });
  }

  #tokens(filter: Filter<Row>): Promise<number> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find(filter).project<{ tokens: number }>({ _id: 0, tokens: 1 }).toArray();
      return rows.reduce((sum, { tokens }) => sum + tokens, 0);
    });
  }

  ruleRuns({ accountId, since, before, limit }: PeriodQuery): Promise<readonly RuleRuns[]> {
    return this.#db.ask(async () => {
      const rows = await this.#rows.find({ accountId, decidedAt: { $gte: since, $lt: before ?? farFuture } })
        .project<Omit<RuleRuns, "id"> & { _id: string }>({ decidedAt: 1, rules: 1 })
        .sort({ decidedAt: -1 }).limit(limit).toArray();
      return rows.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    });
  }

  outcomes({ accountId, since, before, limit }: PeriodQuery): Promise<readonly TurnResult[]> {
    const plain = { decidedAt: 1, messageIds: 1, outboundIds: 1, topic: 1, review: 1 };
    const wanted = { _id: 0, ...plain, "outcome.kind": 1, "outcome.reason": 1 };
    return this.#db.ask(() =>
      this.#rows.find({ accountId, decidedAt: { $gte: since, $lt: before ?? farFuture } }).project<TurnResult>(wanted)
        .sort({ decidedAt: -1 }).limit(limit).toArray()
    );
  }
}
