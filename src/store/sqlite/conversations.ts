import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import type { Contact, Conversation, ConversationId, Debounce, OutboundItem } from "@/store/records.ts";
import type {
  ClaimOptions,
  ConversationCounts,
  ConversationPage,
  ConversationQuery,
  ConversationStore,
  UnknownProfileQuery,
} from "@/store/store.ts";
import { decode } from "@/store/sqlite/codec.ts";
import { writeChange } from "@/store/sqlite/commit.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { SqliteEnvelopes } from "@/store/sqlite/envelopes.ts";
import { eraseRows, scrubLog } from "@/store/sqlite/erase.ts";
import { erasedKey } from "@/store/erased_key.ts";
import { countConversations, listConversations } from "@/store/sqlite/inbox.ts";
import { listTags } from "@/store/sqlite/inbox_filter.ts";
import type { SqliteLimits } from "@/store/sqlite/limits.ts";
import { Leases } from "@/store/sqlite/leases.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

interface AggregateRow {
  readonly conversation: string;
  readonly contact: string;
  readonly debounce: string;
}

interface SqliteConversationsDeps {
  readonly now: () => Date;
  readonly envelopes: SqliteEnvelopes;
  readonly limits: SqliteLimits;
}

export class SqliteConversations implements ConversationStore {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #envelopes: SqliteEnvelopes;
  readonly #limits: SqliteLimits;
  readonly #leases: Readonly<Record<"turn" | "send", Leases>>;

  constructor(db: Database, { now, envelopes, limits }: SqliteConversationsDeps) {
    this.#db = db;
    this.#limits = limits;
    this.#now = now;
    this.#envelopes = envelopes;
    this.#leases = { turn: new Leases(db, { kind: "turn", now }), send: new Leases(db, { kind: "send", now }) };
  }

  load(id: ConversationId): Promise<Aggregate | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<AggregateRow>(
        `SELECT c.data AS conversation, contacts.data AS contact, debounce.data AS debounce
         FROM conversations AS c JOIN contacts ON contacts.id = c.id JOIN debounce ON conversation_id = c.id
         WHERE c.id = :id`,
        { id },
      );
      return row && {
        conversation: decode<Conversation>(row.conversation),
        contact: decode<Contact>(row.contact),
        debounce: decode<Debounce>(row.debounce),
        outbound: this.#openItems(id),
      };
    });
  }

  #openItems(id: ConversationId): readonly OutboundItem[] {
    return this.#db.all<DataRow>(
      `SELECT data FROM outbound_queue WHERE conversation_id = :id AND state NOT IN ('sent', 'cancelled')
       ORDER BY seq`,
      { id },
    ).map(({ data }) => decode<OutboundItem>(data));
  }

  commit(change: Change): Promise<"committed" | "conflict"> {
    return this.#db.transact(() => writeChange(this.#db, change, this.#now()));
  }

  claimTurns(options: ClaimOptions): Promise<readonly ConversationId[]> {
    return this.#db.askLightly(() => this.#leases.turn.claim(options));
  }

  claimSends(options: ClaimOptions): Promise<readonly ConversationId[]> {
    return this.#db.askLightly(() => this.#leases.send.claim(options));
  }

  extendTurn(id: ConversationId, options: { owner: string; leaseMs: number }): Promise<boolean> {
    return this.#db.askLightly(() => this.#leases.turn.extend(id, options));
  }

  releaseTurn(id: ConversationId, owner: string): Promise<void> {
    return this.#db.askLightly(() => this.#leases.turn.release(id, owner));
  }

  releaseSend(id: ConversationId, owner: string): Promise<void> {
    return this.#db.askLightly(() => this.#leases.send.release(id, owner));
  }

  nextDueAt(kind: "turn" | "send"): Promise<Date | undefined> {
    return this.#db.ask(() => this.#leases[kind].nextDueAt());
  }

  list(query: ConversationQuery): Promise<ConversationPage> {
    return this.#db.ask(() => listConversations(this.#db, query, this.#now()));
  }

  counts(query: { accountId?: string }): Promise<ConversationCounts> {
    return this.#db.ask(() => countConversations(this.#db, query, this.#now()));
  }

  tags(): Promise<readonly string[]> {
    return this.#db.ask(() => listTags(this.#db));
  }

  /** An account's ids lie together: they begin with its own id and `_`, and the sign after that is a backtick. */
  withUnknownProfile(
    { accountId, after = `${accountId}_`, limit }: UnknownProfileQuery,
  ): Promise<readonly ConversationId[]> {
    return this.#db.ask(() =>
      this.#db.all<{ id: ConversationId }>(
        `SELECT id FROM contacts WHERE data ->> '$.profile' = 'unknown' AND id > :after AND id < :end
         ORDER BY id LIMIT :limit`,
        { after, end: `${accountId}\``, limit },
      ).map(({ id }) => id)
    );
  }

  /** Gives back every lease on a turn or a send. */
  forgetLeases(): void {
    this.#leases.turn.forget();
    this.#leases.send.forget();
  }

  async erase(id: ConversationId): Promise<"erased" | "absent"> {
    const psid = await this.#db.transact(() => eraseRows(this.#db, id, this.#now()));
    if (psid === undefined) return "absent";
    await this.#limits.note(erasedKey(id, psid), { value: 0, at: this.#now() });
    await this.#envelopes.removeMentioning(psid);
    await this.#db.ask(() => scrubLog(this.#db));
    return "erased";
  }
}
