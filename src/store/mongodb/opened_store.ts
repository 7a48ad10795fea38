import type { Store } from "@/store/store.ts";
import { refuseHalfCopy } from "@/store/transfer.ts";
import { MongoAccounts } from "@/store/mongodb/accounts.ts";
import { MongoAudit } from "@/store/mongodb/audit.ts";
import { MongoCannedReplies } from "@/store/mongodb/canned_replies.ts";
import { MongoSavedViews } from "@/store/mongodb/saved_views.ts";
import { MongoSimulations } from "@/store/mongodb/simulations.ts";
import { MongoCommands } from "@/store/mongodb/commands.ts";
import { MongoConversations } from "@/store/mongodb/conversations.ts";
import { readMark } from "@/store/mongodb/copy_mark.ts";
import { Database } from "@/store/mongodb/database.ts";
import { askServer, DatabaseTime } from "@/store/mongodb/database_time.ts";
import { MongoEnvelopes } from "@/store/mongodb/envelopes.ts";
import { MongoFeed } from "@/store/mongodb/feed.ts";
import { makeIndexes } from "@/store/mongodb/indexes.ts";
import { MongoInstances } from "@/store/mongodb/instances.ts";
import { MongoKnowledge } from "@/store/mongodb/knowledge.ts";
import { MongoLimits } from "@/store/mongodb/limits.ts";
import { MongoMessages } from "@/store/mongodb/messages.ts";
import { migrate } from "@/store/mongodb/migrations.ts";
import type { MongoOptions, MongoServer } from "@/store/mongodb/mongodb_store.ts";
import { MongoOutbound } from "@/store/mongodb/outbound.ts";
import { MongoOperators } from "@/store/mongodb/operators.ts";
import { MongoSessions } from "@/store/mongodb/sessions.ts";
import { keepSwept } from "@/store/mongodb/sweep.ts";
import { MongoTurns } from "@/store/mongodb/turns.ts";
import { MongoTypedTexts } from "@/store/mongodb/typed_texts.ts";

export async function openStore({ uri, clock, timeSource = "database" }: MongoOptions): Promise<MongoStore> {
  await prepare(uri);
  const db = await Database.open(uri);
  try {
    const time = new DatabaseTime(clock, async () => (await askServer(db)).localTime as Date);
    if (timeSource === "database") await time.refresh();
    const stopping = new AbortController();
    const { signal } = stopping;
    const now = (): Date => time.now();
    const loops = [
      keepSwept(db, { clock, now, signal }),
      ...(timeSource === "database" ? [time.keepFresh(signal)] : []),
    ];
    const server = await describeServer(db);
    return new MongoStore(db, { now, server, stop: () => (stopping.abort(), Promise.all(loops)) });
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** With a handle of its own: making an index takes as long as the collection is large. */
async function prepare(uri: string): Promise<void> {
  const db = await Database.open(uri, { socketTimeoutMS: 0 });
  try {
    await migrate(db);
    await makeIndexes(db);
    refuseHalfCopy(await readMark(db));
  } finally {
    await db.close();
  }
}

export async function describeServer(db: Database): Promise<MongoServer> {
  const [{ version }, hello] = await Promise.all([db.command({ buildInfo: 1 }), askServer(db)]);
  const kind = hello.msg === "isdbgrid" ? "sharded" : hello.setName === undefined ? "single" : "replicaSet";
  return { version: String(version), kind };
}

export class MongoStore implements Store {
  readonly kind = "mongodb";
  readonly server: MongoServer;
  readonly now: () => Date;
  readonly accounts: MongoAccounts;
  readonly knowledge: MongoKnowledge;
  readonly envelopes: MongoEnvelopes;
  readonly conversations: MongoConversations;
  readonly feed: MongoFeed;
  readonly messages: MongoMessages;
  readonly turns: MongoTurns;
  readonly outbound: MongoOutbound;
  readonly limits: MongoLimits;
  readonly commands: MongoCommands;
  readonly cannedReplies: MongoCannedReplies;
  readonly savedViews: MongoSavedViews;
  readonly simulations: MongoSimulations;
  readonly typedTexts: MongoTypedTexts;
  readonly operators: MongoOperators;
  readonly sessions: MongoSessions;
  readonly instances: MongoInstances;
  readonly audit: MongoAudit;
  readonly #db: Database;
  readonly #stop: () => Promise<unknown>;

  constructor(db: Database, options: { now: () => Date; server: MongoServer; stop: () => Promise<unknown> }) {
    const { now, server, stop } = options;
    this.#db = db;
    this.#stop = stop;
    this.server = server;
    this.now = now;
    this.accounts = new MongoAccounts(db);
    this.knowledge = new MongoKnowledge(db);
    this.envelopes = new MongoEnvelopes(db, now);
    this.limits = new MongoLimits(db, now);
    this.conversations = new MongoConversations(db, { now, envelopes: this.envelopes, limits: this.limits });
    this.feed = new MongoFeed(db);
    this.messages = new MongoMessages(db);
    this.turns = new MongoTurns(db);
    this.outbound = new MongoOutbound(db);
    this.commands = new MongoCommands(db);
    this.cannedReplies = new MongoCannedReplies(db);
    this.savedViews = new MongoSavedViews(db);
    this.simulations = new MongoSimulations(db);
    this.typedTexts = new MongoTypedTexts(db);
    this.operators = new MongoOperators(db);
    this.sessions = new MongoSessions(db, now);
    this.instances = new MongoInstances(db);
    this.audit = new MongoAudit(db);
  }

  ping(): Promise<void> {
    return this.#db.askSoon(async () => {
      await this.#db.command({ ping: 1 });
    });
  }

  async forgetLeases(): Promise<void> {
    await this.conversations.forgetLeases();
    await this.envelopes.forgetLeases();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    await this.#db.close();
  }
}
