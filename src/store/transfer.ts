/**
 * Moving a store's data out and in, whole: what `task copy` and `task seed` are made of. The records are those of
 * records.ts and the same from either store. What only the running instances know (leases) stays behind.
 */
import type {
  Account,
  AuditEntry,
  CannedReply,
  Command,
  Contact,
  Conversation,
  Debounce,
  Envelope,
  KnowledgeDocument,
  Message,
  Operator,
  OutboundItem,
  SavedView,
  Session,
  Simulation,
  Turn,
  TypedText,
} from "@/store/records.ts";
import { StoreUnavailableError } from "@/store/store.ts";

/** What lies in each collection, in the order of writing: a conversation comes before what belongs to it. */
export interface Collections {
  readonly accounts: Account;
  readonly knowledge: KnowledgeDocument;
  readonly conversations: Conversation;
  readonly contacts: Contact;
  readonly debounce: Debounce;
  readonly "outbound_queue": OutboundItem;
  readonly messages: Message;
  readonly turns: Turn;
  readonly commands: Command;
  readonly "canned_replies": CannedReply;
  readonly "typed_texts": TypedText;
  readonly "saved_views": SavedView;
  readonly simulations: Simulation;
  readonly envelopes: Envelope;
  readonly limits: LimitRecord;
  readonly operators: Operator;
  readonly sessions: Session;
  readonly "audit_log": AuditEntry;
}

export type CollectionName = keyof Collections;

export const collectionNames: readonly CollectionName[] = [
  "accounts",
  "knowledge",
  "conversations",
  "contacts",
  "debounce",
  "outbound_queue",
  "messages",
  "turns",
  "commands",
  "canned_replies",
  "typed_texts",
  "saved_views",
  "simulations",
  "envelopes",
  "limits",
  "operators",
  "sessions",
  "audit_log",
];

/** The pace of one key. */
export interface LimitRecord {
  readonly key: string;
  /** When the next slot is free; absent when none was ever taken. */
  readonly nextAt?: Date;
  readonly pausedUntil?: Date;
  /** Pauses in a row. */
  readonly strikes: number;
  readonly reason?: string;
  /** What was read last under the key, and when; absent: nothing was. */
  readonly reading?: number;
  readonly readAt?: Date;
}

/** Some records in the store's own order, 500 at most. */
export interface Page<Name extends CollectionName> {
  readonly records: readonly Collections[Name][];
  /** Names the place behind the last of them: reading may go on from here, and may give a few once more. */
  readonly position: string;
}

/** The store's data as a whole. Nobody else writes meanwhile. */
export interface Transfer extends AsyncDisposable {
  /** Finishes what commits left half done. Before the first reading. */
  settle(): Promise<void>;
  count(name: CollectionName): Promise<number>;
  /** Everything of the collection, page after page; from the position on when there is one. */
  read<Name extends CollectionName>(name: Name, after?: string): AsyncIterable<Page<Name>>;
  /**
   * Writes records as they are, by their keys; the same again changes nothing. `ordinal`: how many of the collection
   * come before the first, which gives those that have no key of their own (envelopes, audit) their order.
   */
  write<Name extends CollectionName>(name: Name, records: readonly Collections[Name][], ordinal: number): Promise<void>;
  /** Removes everything. */
  empty(): Promise<void>;
  /** The mark that a copy into this store left; absent when there never was one. */
  mark(): Promise<CopyMark | undefined>;
  setMark(mark: CopyMark): Promise<void>;
  /** Instances that work on the store, or did a moment ago; empty when there is none. */
  workers(): Promise<readonly string[]>;
}

/** How far a copy has come. A store with one that is not `whole` is not used. */
export interface CopyMark {
  /** Where the data comes from, without any password. */
  readonly from: string;
  /** Tells the source as it was from what it became. */
  readonly fingerprint: string;
  readonly startedAt: Date;
  /** The collection under way, how many of its records are here and where to go on; absent before the first page. */
  readonly progress?: { readonly name: CollectionName; readonly written: number; readonly position?: string };
  /** When everything was found equal; absent until then. */
  readonly wholeAt?: Date;
}

/** @throws {StoreUnavailableError} when the mark says that only a part of the data is there */
export function refuseHalfCopy(mark: CopyMark | undefined): void {
  if (mark === undefined || mark.wholeAt !== undefined) return;
  throw new StoreUnavailableError(
    `Cannot open the database: a copy of ${mark.from} into it was not finished, wants \`deno task copy\` to end first`,
  );
}

/** Records of a page, at most. */
export const pageSize = 500;
