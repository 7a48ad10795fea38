/**
 * The ports: all that Moca asks of a database. Two adapters keep them, `sqlite/` and `mongodb/`; one
 * suite, `testing/conformance.ts`, holds both to the same behaviour. A store that cannot be reached
 * rejects with `StoreUnavailableError`; everything expected is a value.
 */
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import type {
  Account,
  AuditEntry,
  CannedReply,
  Command,
  Contact,
  Conversation,
  ConversationId,
  Envelope,
  FeedEntry,
  Instance,
  KnowledgeDocument,
  Message,
  Operator,
  OutboundItem,
  OutboundState,
  SavedView,
  Session,
  Simulation,
  Turn,
  TurnOutcome,
  TypedText,
} from "@/store/records.ts";

/** The database did not take or give what was asked: nothing can be said of the outcome. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}

export interface Store extends AsyncDisposable {
  readonly kind: "sqlite" | "mongodb";
  /** The database's time: the only clock that leases and due times are compared with. Never runs backwards. */
  now(): Date;
  /** Resolves when the database answers; rejects otherwise. */
  ping(): Promise<void>;
  /** Gives back every lease. Only for a process that knows itself to be the database's only one, at its start. */
  forgetLeases(): Promise<void>;
  readonly accounts: AccountStore;
  readonly knowledge: KnowledgeStore;
  readonly envelopes: EnvelopeStore;
  readonly conversations: ConversationStore;
  readonly feed: FeedStore;
  readonly messages: MessageStore;
  readonly turns: TurnStore;
  readonly outbound: OutboundStore;
  readonly limits: LimitStore;
  readonly commands: CommandStore;
  readonly cannedReplies: CannedReplyStore;
  readonly typedTexts: TypedTextStore;
  readonly savedViews: SavedViewStore;
  readonly simulations: SimulationStore;
  readonly operators: OperatorStore;
  readonly sessions: SessionStore;
  readonly instances: InstanceStore;
  readonly audit: AuditStore;
}

export interface AccountStore {
  get(id: string): Promise<Account | undefined>;
  list(): Promise<readonly Account[]>;
  /** Writes the account when its stored `ver` is still `expectedVer` (0: it must not exist); sets `ver + 1`. */
  put(account: Account, expectedVer: number): Promise<"stored" | "conflict">;
}

export interface KnowledgeStore {
  /** In order of titles. */
  list(accountId: string): Promise<readonly KnowledgeDocument[]>;
  get(id: string): Promise<KnowledgeDocument | undefined>;
  /** Writes the document when its stored `ver` is still `expectedVer` (0: it must not exist); sets `ver + 1`. */
  put(document: KnowledgeDocument, expectedVer: number): Promise<"stored" | "conflict">;
  remove(id: string): Promise<"removed" | "absent">;
  /**
   * The account's documents that hold a word beginning like one of the query's, best first. Accents, case and
   * the last letters of long words make no difference; the commonest words and those of one or two letters do not count.
   */
  search(query: { accountId: string; query: string; limit: number }): Promise<readonly Passage[]>;
}

/** What a document says on a query: all of a short one, of a long one its paragraphs with most of the query's words. */
export interface Passage {
  /** The document's. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface EnvelopeStore {
  /** Durable when it resolves. The same id again changes nothing. */
  accept(envelope: Pick<Envelope, "id" | "body" | "receivedAt">): Promise<"stored" | "duplicate">;
  /** The oldest `new` envelopes that nobody holds, `attempts` already raised, leased until `now() + leaseMs`. */
  claim(options: ClaimOptions): Promise<readonly Envelope[]>;
  /** Ends the work on envelopes: `split`, or `dead` with a note that says why. */
  finish(results: readonly { id: string; state: "split" | "dead"; note?: string }[]): Promise<void>;
  /** Makes a `dead` envelope `new` again, as if it had just come; `notDead` when it is in another state. */
  revive(id: string): Promise<"revived" | "notDead" | "absent">;
  get(id: string): Promise<Envelope | undefined>;
  list(query: { state?: Envelope["state"]; limit: number }): Promise<readonly Envelope[]>;
  /** Removes those received before `at`; `new` ones stay. Answers how many. */
  removeBefore(at: Date): Promise<number>;
}

export interface ClaimOptions {
  /** Who claims: unique to the running instance. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly limit: number;
}

/**
 * The conversation aggregate: read whole, committed whole. Leases stand beside it: a claim does not raise
 * `ver`, a commit does not touch a lease.
 */
export interface ConversationStore {
  load(id: ConversationId): Promise<Aggregate | undefined>;
  /**
   * Writes the change entirely or not at all, if the stored `ver` is still that of the aggregate which the
   * change began with (0: the conversation does not exist). The stored `ver` is then one higher. Rows that
   * are the same object before and after need no write. A command id that exists already is a conflict.
   */
  commit(change: Change): Promise<"committed" | "conflict">;
  /** Conversations whose debounce is due at `now()` and whose turn nobody holds; leases them. */
  claimTurns(options: ClaimOptions): Promise<readonly ConversationId[]>;
  /** Conversations whose outbound queue is due at `now()` and nobody holds; leases them. */
  claimSends(options: ClaimOptions): Promise<readonly ConversationId[]>;
  /** Extends a held lease; `false` when it is no longer the owner's. */
  extendTurn(id: ConversationId, options: { owner: string; leaseMs: number }): Promise<boolean>;
  /** Gives a lease back; harmless when it is no longer the owner's. */
  releaseTurn(id: ConversationId, owner: string): Promise<void>;
  releaseSend(id: ConversationId, owner: string): Promise<void>;
  /** When the next turn or send is due that nobody holds; absent when none is planned. */
  nextDueAt(kind: "turn" | "send"): Promise<Date | undefined>;
  list(query: ConversationQuery): Promise<ConversationPage>;
  counts(query: { accountId?: string }): Promise<ConversationCounts>;
  /** Tags that contacts have, in order, `tagLimit` at most. */
  tags(): Promise<readonly string[]>;
  /** Contacts of the account whose profile is `unknown`, in order of their ids, after the id `after`. */
  withUnknownProfile(query: UnknownProfileQuery): Promise<readonly ConversationId[]>;
  /**
   * Removes the conversation, its contact and everything derived from them, raw envelopes included. Leaves a
   * reading under the limit key `<accountId>:erased`, so that nobody brings back what was said before.
   */
  erase(id: ConversationId): Promise<"erased" | "absent">;
}

export interface UnknownProfileQuery {
  readonly accountId: string;
  /** The last id of the page before. */
  readonly after?: ConversationId;
  readonly limit: number;
}

export interface ConversationQuery {
  readonly accountId?: string;
  readonly state?: Conversation["state"];
  readonly handler?: "bot" | "person";
  /** Only those that a person is needed for: handed off, or with a draft that waits. */
  readonly needed?: boolean;
  /** Only open ones that the contact has the next word in, and nobody is needed for. */
  readonly answered?: boolean;
  readonly unread?: boolean;
  /** Only those with a text that did not leave and waits for a person to retry or discard it. */
  readonly failed?: boolean;
  /** Only those whose window is open and closes within so many milliseconds. */
  readonly closingWithinMs?: number;
  /** Only those assigned to this operator; `null`: to nobody. */
  readonly assignee?: string | null;
  /** Only those of contacts with this tag. */
  readonly tag?: string;
  /** Default `newest`; what a search finds comes in that order always. */
  readonly sort?: ConversationSort;
  /**
   * Words, accents and case folded (`searchTerms`); each must begin a word of the contact's name, handle or
   * id, or of one of the conversation's messages; all in the same one.
   */
  readonly q?: string;
  /** 1 to 200. */
  readonly limit: number;
  /** As answered by the page before. */
  readonly cursor?: string;
}

/**
 * `newest`: newest last message first · `attention`: those that a person is needed for, the longest waiting first, then
 * the newest · `window`: those whose window is open, the soonest to close first, then the newest.
 */
export type ConversationSort = "newest" | "attention" | "window";

export const tagLimit = 100;

/** Conversations are counted so far and no further, because counting all takes the longer the more there are. */
export const countLimit = 1_000;

/** As `countLimit`, of what a search finds. */
export const foundLimit = 100;

export interface ConversationPage {
  /** In the order that was asked for. */
  readonly items: readonly ConversationSummary[];
  readonly nextCursor?: string;
  /** Of all pages together: exact up to `countLimit`, of a search up to `foundLimit`. */
  readonly total: number;
  /** There are more than `total`. */
  readonly atLeast: boolean;
}

export interface ConversationSummary {
  readonly conversation: Conversation;
  readonly contact: Contact;
  /** Some text of it did not leave and waits for a person. */
  readonly failed: boolean;
  /** The text of a message that the search found; absent when it found the contact alone, or there was no search. */
  readonly hit?: string;
}

/** Each exact up to `countLimit`; one more than that stands for any greater number. */
export interface ConversationCounts {
  readonly all: number;
  readonly needed: number;
  /** That the bot answers. */
  readonly bot: number;
  readonly answered: number;
  readonly unread: number;
  readonly closed: number;
}

/**
 * What was committed or erased, by whichever instance, in an order that all agree on: what live updates are made
 * of. Every commit is told once at least, when all that it wrote can be read, even if its process ended meanwhile.
 */
export interface FeedStore {
  /** Entries after the number `seq`, oldest first. One is seen only when every one before it can be. */
  after(seq: number, limit: number): Promise<readonly FeedEntry[]>;
  /** The newest entry's number; 0 when there is none yet. */
  newest(): Promise<number>;
  /** Removes those of before `at`, but never the newest: numbers go on from it. */
  removeBefore(at: Date): Promise<void>;
}

export interface MessageStore {
  byIds(ids: readonly string[]): Promise<readonly Message[]>;
  /** Every row of the account whose `mid` or `refMid` is among `mids`. */
  related(accountId: string, mids: readonly string[]): Promise<readonly Message[]>;
  /** A page of the history, newest last; `before` is the `nextCursor` of the page after it, or an instant. */
  page(conversationId: ConversationId, options: { before?: string | Date; limit: number }): Promise<{
    readonly items: readonly Message[];
    readonly nextCursor?: string;
  }>;
  count(): Promise<number>;
  /** Who wrote when, newest first: what contacts and the business's side wrote, without tests and other apps' threads. */
  marks(query: PeriodQuery): Promise<readonly MessageMark[]>;
  /** Removes the account's messages of before `at`; answers how many. */
  removeBefore(accountId: string, at: Date): Promise<number>;
}

/** A message, as far as counting needs it. */
export type MessageMark = Pick<Message, "conversationId" | "at" | "receivedAt" | "author" | "source">;

export interface TurnStore {
  get(id: string): Promise<Turn | undefined>;
  byIds(ids: readonly string[]): Promise<readonly Turn[]>;
  /** Newest first. */
  list(conversationId: ConversationId, options: { limit: number; beforeNumber?: number }): Promise<readonly Turn[]>;
  /** Turns that decided on the message or whose model was shown it, of those decided at or after `since`. */
  mentioning(query: MentionQuery): Promise<readonly Turn[]>;
  /** The account's turns decided at or after `since`, oldest first, without what the model saw. */
  past(query: PastTurnsQuery): Promise<PastTurnsPage>;
  /** Turns of the conversation decided at or after `at`. */
  countSince(conversationId: ConversationId, at: Date): Promise<number>;
  /** Tokens that the account's turns used since `at`. */
  tokensSince(accountId: string, at: Date): Promise<number>;
  /** Tokens that the conversation's turns used since `at`. */
  contactTokensSince(conversationId: ConversationId, at: Date): Promise<number>;
  /** What the account's turns decided at or after `since` came to, newest first. */
  outcomes(query: PeriodQuery): Promise<readonly TurnResult[]>;
  /** What the rules said in the account's turns decided at or after `since`, newest first. */
  ruleRuns(query: PeriodQuery): Promise<readonly RuleRuns[]>;
  /** Removes the account's turns decided before `at`; answers how many. */
  removeBefore(accountId: string, at: Date): Promise<number>;
}

/** What is of an account and of at or after `since`, the newest `limit`. */
export interface PeriodQuery {
  readonly accountId: string;
  readonly since: Date;
  /** Not from this instant on; absent: up to now. */
  readonly before?: Date;
  readonly limit: number;
}

/** A turn, as far as counting needs it. */
export interface TurnResult extends Pick<Turn, "decidedAt" | "messageIds" | "outboundIds" | "topic" | "review"> {
  readonly outcome: Pick<TurnOutcome, "kind" | "reason">;
}

/** A turn, as far as its rules go. */
export type RuleRuns = Pick<Turn, "id" | "decidedAt" | "rules">;

/** How often people sent what was drafted. */
export interface Agreement {
  /** Absent: about none of the account's topics. */
  readonly topic?: string;
  readonly unchanged: number;
  readonly edited: number;
  readonly discarded: number;
  /** Without a person's verdict: it still waits, or was answered in the Instagram app. */
  readonly open: number;
}

export interface PastTurnsQuery {
  readonly accountId: string;
  readonly since: Date;
  readonly limit: number;
  /** As answered by the page before. */
  readonly cursor?: string;
}

export interface PastTurnsPage {
  readonly items: readonly Omit<Turn, "agent">[];
  readonly nextCursor?: string;
}

export interface MentionQuery {
  readonly conversationId: ConversationId;
  readonly messageId: string;
  readonly since: Date;
  readonly limit: number;
}

export interface OutboundStore {
  get(id: string): Promise<OutboundItem | undefined>;
  /** Newest first. */
  list(
    query: OutboundQuery,
  ): Promise<{ readonly items: readonly OutboundItem[]; readonly nextCursor?: string; readonly total: number }>;
  countByState(): Promise<Readonly<Record<OutboundState, number>>>;
  /** When the oldest item in one of the states was made; undefined when there is none. */
  oldestAt(states: readonly OutboundState[]): Promise<Date | undefined>;
}

export interface OutboundQuery {
  readonly state?: readonly OutboundState[];
  readonly conversationId?: ConversationId;
  readonly limit: number;
  readonly cursor?: string;
}

/** Pacing, shared by all instances: one row a key (an account's id, `<id>:read`, `signin:<address>`). */
export interface LimitStore {
  /**
   * Takes the next free slot: the latest of `now()`, the pause's end, and the slot before plus its interval.
   * Slots of a key are therefore at least `intervalMs` apart and never used twice.
   */
  reserve(key: string, intervalMs: number): Promise<Date>;
  /** No slot before `until`; a later pause already set stays. `strikes` is kept for the growing backoff. */
  pause(key: string, pause: { until: Date; strikes: number; reason: string }): Promise<void>;
  /** Keeps what was read last under the key; one that is older than what is kept changes nothing. */
  note(key: string, reading: Reading): Promise<void>;
  get(key: string): Promise<Limit | undefined>;
  /** Forgets pause and strikes. */
  clear(key: string): Promise<void>;
}

export interface Limit {
  readonly pausedUntil?: Date;
  readonly strikes: number;
  readonly reason?: string;
  readonly reading?: Reading;
}

/** A number and when it was true. */
export interface Reading {
  readonly value: number;
  readonly at: Date;
}

export interface CommandStore {
  get(id: string): Promise<Command | undefined>;
  /** Removes those given before `at`; answers how many. */
  removeBefore(at: Date): Promise<number>;
}

export interface CannedReplyStore {
  /** In order of titles. */
  list(accountId: string): Promise<readonly CannedReply[]>;
  get(id: string): Promise<CannedReply | undefined>;
  /** Writes the reply when its stored `ver` is still `expectedVer` (0: it must not exist); sets `ver + 1`. */
  put(reply: CannedReply, expectedVer: number): Promise<"stored" | "conflict">;
  remove(id: string): Promise<"removed" | "absent">;
}

/** What operators have typed and not sent. It is erased with the contact. */
export interface TypedTextStore {
  get(conversationId: ConversationId, operator: string): Promise<TypedText | undefined>;
  /** In place of the operator's text before it. `absent`: there is no such conversation, and nothing is kept. */
  put(typed: TypedText): Promise<"stored" | "absent">;
  /** With `commandId`: only if it is that form's. */
  remove(conversationId: ConversationId, operator: string, commandId?: string): Promise<void>;
  /** Removes those saved before `at`; answers how many. */
  removeBefore(at: Date): Promise<number>;
}

export interface SavedViewStore {
  /** The operator's, in order of names. */
  list(operator: string): Promise<readonly SavedView[]>;
  /** In place of the operator's one of that name. */
  put(view: SavedView): Promise<void>;
  /** Harmless when it is not there. */
  remove(id: string): Promise<void>;
}

/** Conversations of the simulator that are kept with what must come of them. */
export interface SimulationStore {
  /** The account's, in order of names. */
  list(accountId: string): Promise<readonly Simulation[]>;
  /** In place of the one with its id. */
  put(simulation: Simulation): Promise<void>;
  /** Harmless when it is not there. */
  remove(id: string): Promise<void>;
}

export interface OperatorStore {
  get(id: string): Promise<Operator | undefined>;
  /** In order of their names. */
  list(): Promise<readonly Operator[]>;
  /** Writes the operator when the stored `ver` is still `expectedVer` (0: there must be none); sets `ver + 1`. */
  put(operator: Operator, expectedVer: number): Promise<"stored" | "conflict">;
  remove(id: string): Promise<void>;
}

export interface SessionStore {
  /** Those that have not expired, the most lately seen first. */
  list(): Promise<readonly Session[]>;
  get(id: string): Promise<Session | undefined>;
  put(session: Session): Promise<void>;
  remove(id: string): Promise<void>;
  removeExpired(): Promise<number>;
}

/** Who is running: one row a process. */
export interface InstanceStore {
  /** Writes the row, whole. */
  beat(instance: Instance): Promise<void>;
  /** Those that are alive and those that are gone, newest start first. */
  list(): Promise<readonly Instance[]>;
  /** For an orderly end. Harmless when it is not there. */
  remove(id: string): Promise<void>;
  /** Removes those that last beat before `at`. */
  removeBefore(at: Date): Promise<void>;
}

/** Which entries of the audit log; absent fields narrow nothing. */
export interface AuditQuery {
  readonly object?: string;
  readonly actor?: string;
  readonly action?: string;
  /** At or after this instant. */
  readonly since?: Date;
  /** Before this instant. */
  readonly before?: Date;
  /** Where the page before ended. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface AuditStore {
  add(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** The same, with where the next page begins; entries of one instant are never skipped. */
  page(query: AuditQuery): Promise<{ readonly items: readonly AuditEntry[]; readonly nextCursor?: string }>;
}
