import type { Clock } from "@/clock.ts";
import type { Store } from "@/store/store.ts";
import { refuseHalfCopy } from "@/store/transfer.ts";
import { SqliteAccounts } from "@/store/sqlite/accounts.ts";
import { SqliteAudit } from "@/store/sqlite/audit.ts";
import { SqliteCannedReplies } from "@/store/sqlite/canned_replies.ts";
import { SqliteSavedViews } from "@/store/sqlite/saved_views.ts";
import { SqliteSimulations } from "@/store/sqlite/simulations.ts";
import { SqliteCommands } from "@/store/sqlite/commands.ts";
import { readMark } from "@/store/sqlite/copy_mark.ts";
import { SqliteConversations } from "@/store/sqlite/conversations.ts";
import { Database } from "@/store/sqlite/database.ts";
import { SqliteEnvelopes } from "@/store/sqlite/envelopes.ts";
import { SqliteFeed } from "@/store/sqlite/feed.ts";
import { SqliteInstances } from "@/store/sqlite/instances.ts";
import { SqliteKnowledge } from "@/store/sqlite/knowledge.ts";
import { SqliteLimits } from "@/store/sqlite/limits.ts";
import { SqliteMessages } from "@/store/sqlite/messages.ts";
import { migrate } from "@/store/sqlite/migrations.ts";
import { SqliteOutbound } from "@/store/sqlite/outbound.ts";
import { SqliteOperators } from "@/store/sqlite/operators.ts";
import { SqliteSessions } from "@/store/sqlite/sessions.ts";
import { SqliteTurns } from "@/store/sqlite/turns.ts";
import { SqliteTypedTexts } from "@/store/sqlite/typed_texts.ts";

export interface SqliteOptions {
  /** The database's file, made when it is missing; its folder must be there. */
  readonly path: string;
  readonly clock: Clock;
}

/**
 * Opens the embedded store and brings its tables up to date. Disposing commits what is under way; it may be
 * done twice.
 *
 * @throws {StoreUnavailableError} when the file cannot be used, or when a newer Moca has written it, or when a copy
 * into it was not finished.
 */
export function openSqliteStore({ path, clock }: SqliteOptions): Promise<Store> {
  return new Promise((resolve) => {
    const db = Database.open(path);
    try {
      migrate(db);
      refuseHalfCopy(readMark(db));
    } catch (error) {
      db.close();
      throw error;
    }
    resolve(new SqliteStore(db, neverBackwards(clock)));
  });
}

class SqliteStore implements Store {
  readonly kind = "sqlite";
  readonly now: () => Date;
  readonly accounts: SqliteAccounts;
  readonly knowledge: SqliteKnowledge;
  readonly envelopes: SqliteEnvelopes;
  readonly conversations: SqliteConversations;
  readonly feed: SqliteFeed;
  readonly messages: SqliteMessages;
  readonly turns: SqliteTurns;
  readonly outbound: SqliteOutbound;
  readonly limits: SqliteLimits;
  readonly commands: SqliteCommands;
  readonly cannedReplies: SqliteCannedReplies;
  readonly savedViews: SqliteSavedViews;
  readonly simulations: SqliteSimulations;
  readonly typedTexts: SqliteTypedTexts;
  readonly operators: SqliteOperators;
  readonly sessions: SqliteSessions;
  readonly instances: SqliteInstances;
  readonly audit: SqliteAudit;
  readonly #db: Database;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.now = now;
    this.accounts = new SqliteAccounts(db);
    this.knowledge = new SqliteKnowledge(db);
    this.envelopes = new SqliteEnvelopes(db, now);
    this.limits = new SqliteLimits(db, now);
    this.conversations = new SqliteConversations(db, { now, envelopes: this.envelopes, limits: this.limits });
    this.feed = new SqliteFeed(db);
    this.messages = new SqliteMessages(db);
    this.turns = new SqliteTurns(db);
    this.outbound = new SqliteOutbound(db);
    this.commands = new SqliteCommands(db);
    this.cannedReplies = new SqliteCannedReplies(db);
    this.savedViews = new SqliteSavedViews(db);
    this.simulations = new SqliteSimulations(db);
    this.typedTexts = new SqliteTypedTexts(db);
    this.operators = new SqliteOperators(db);
    this.sessions = new SqliteSessions(db, now);
    this.instances = new SqliteInstances(db);
    this.audit = new SqliteAudit(db);
  }

  ping(): Promise<void> {
    return this.#db.ask(() => {
      this.#db.one("SELECT 1");
    });
  }

  forgetLeases(): Promise<void> {
    return this.#db.transact(() => {
      this.conversations.forgetLeases();
      this.envelopes.forgetLeases();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.envelopes.flush();
    return this.#db.ask(() => this.#db.close());
  }
}

/** The clock's time, or the latest that was read from it when it was set back. */
function neverBackwards(clock: Clock): () => Date {
  let latest = clock.now().getTime();
  return () => {
    latest = Math.max(latest, clock.now().getTime());
    return new Date(latest);
  };
}
