import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import type { Contact, ConversationId, OutboundItem, OutboundState } from "@/store/records.ts";
import {
  type ClaimOptions,
  type ConversationCounts,
  type ConversationPage,
  type ConversationQuery,
  type ConversationStore,
  StoreUnavailableError,
  type UnknownProfileQuery,
} from "@/store/store.ts";
import { commitChange, readHead } from "@/store/mongodb/commit.ts";
import { type Database, type Row } from "@/store/mongodb/database.ts";
import type { MongoEnvelopes } from "@/store/mongodb/envelopes.ts";
import { eraseConversation } from "@/store/mongodb/erase.ts";
import { type Head, toConversation } from "@/store/mongodb/head.ts";
import { erasedKey } from "@/store/erased_key.ts";
import { countConversations, listConversations } from "@/store/mongodb/inbox.ts";
import type { MongoLimits } from "@/store/mongodb/limits.ts";
import { listTags } from "@/store/mongodb/members.ts";
import { Leases } from "@/store/mongodb/leases.ts";
import { fromDebounceRow, fromRow } from "@/store/mongodb/rows.ts";

const openStates: OutboundState[] = ["queued", "sending", "failed", "uncertain", "held", "expired"];

/** Readings of an aggregate that is written to meanwhile, at most. */
const maxReads = 20;

interface AggregateRows {
  readonly contact: Row | null;
  readonly debounce: Row | null;
  readonly items: readonly Row[];
}

interface MongoConversationsDeps {
  readonly now: () => Date;
  readonly envelopes: MongoEnvelopes;
  readonly limits: MongoLimits;
}

export class MongoConversations implements ConversationStore {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #envelopes: MongoEnvelopes;
  readonly #limits: MongoLimits;
  readonly #leases: Readonly<Record<"turn" | "send", Leases>>;

  constructor(db: Database, { now, envelopes, limits }: MongoConversationsDeps) {
    this.#db = db;
    this.#limits = limits;
    this.#now = now;
    this.#envelopes = envelopes;
    this.#leases = { turn: new Leases(db, { kind: "turn", now }), send: new Leases(db, { kind: "send", now }) };
  }

  load(id: ConversationId): Promise<Aggregate | undefined> {
    return this.#db.ask(async () => {
      for (let reads = 0; reads < maxReads; reads++) {
        const head = await readHead(this.#db, id);
        if (head === undefined) return undefined;
        const aggregate = toAggregate(head, await this.#readRows(id));
        if (aggregate !== undefined) return aggregate;
      }
      throw new StoreUnavailableError(`Cannot load conversation ${id}: its rows are of another version, or missing`);
    });
  }

  async #readRows(id: ConversationId): Promise<AggregateRows> {
    const [contact, debounce, items] = await Promise.all([
      this.#db.rows("contacts").findOne({ _id: id }),
      this.#db.rows("debounce").findOne({ _id: id }),
      this.#db.rows("outbound_queue").find({ conversationId: id, state: { $in: openStates } }).toArray(),
    ]);
    return { contact, debounce, items };
  }

  commit(change: Change): Promise<"committed" | "conflict"> {
    return this.#db.ask(() => commitChange(this.#db, change, this.#now()));
  }

  claimTurns(options: ClaimOptions): Promise<readonly ConversationId[]> {
    return this.#db.ask(() => this.#leases.turn.claim(options));
  }

  claimSends(options: ClaimOptions): Promise<readonly ConversationId[]> {
    return this.#db.ask(() => this.#leases.send.claim(options));
  }

  extendTurn(id: ConversationId, options: { owner: string; leaseMs: number }): Promise<boolean> {
    return this.#db.ask(() => this.#leases.turn.extend(id, options));
  }

  releaseTurn(id: ConversationId, owner: string): Promise<void> {
    return this.#db.ask(() => this.#leases.turn.release(id, owner));
  }

  releaseSend(id: ConversationId, owner: string): Promise<void> {
    return this.#db.ask(() => this.#leases.send.release(id, owner));
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

  withUnknownProfile({ accountId, after = "", limit }: UnknownProfileQuery): Promise<readonly ConversationId[]> {
    return this.#db.ask(async () => {
      const rows = await this.#db.rows("contacts").find({ profile: "unknown", accountId, _id: { $gt: after } })
        .project<{ _id: string }>({ _id: 1 }).sort({ _id: 1 }).limit(limit).toArray();
      return rows.map(({ _id }) => _id);
    });
  }

  /** Gives back every lease on a turn or a send. */
  forgetLeases(): Promise<void> {
    return this.#db.ask(async () => {
      await this.#leases.turn.forget();
      await this.#leases.send.forget();
    });
  }

  erase(id: ConversationId): Promise<"erased" | "absent"> {
    return this.#db.ask(async () => {
      const psid = await eraseConversation(this.#db, id, this.#now());
      if (psid === undefined) return "absent";
      await this.#limits.note(erasedKey(id, psid), { value: 0, at: this.#now() });
      await this.#envelopes.removeMentioning(psid);
      return "erased";
    });
  }
}

/** Undefined when a commit came between the readings: they do not belong together. */
function toAggregate(head: Head, { contact, debounce, items }: AggregateRows): Aggregate | undefined {
  if (contact === null || debounce === null) return undefined;
  if ([contact, debounce, ...items].some(({ ver }) => ver > head.ver)) return undefined;
  return {
    conversation: toConversation(head),
    contact: fromRow<Contact>(contact),
    debounce: fromDebounceRow(debounce),
    outbound: items.map((item) => fromRow<OutboundItem>(item)).sort((a, b) => a.seq - b.seq),
  };
}
