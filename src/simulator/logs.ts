import type { FaultName } from "./faults.ts";

/** What a request to the pretend Graph API was about. */
export type GraphCall =
  | "send"
  | "senderAction"
  | "account"
  | "profile"
  | "conversations"
  | "conversation"
  | "message"
  | "refresh"
  | "subscription"
  | "unknown";

/** One request that reached the pretend Graph API, or one text that was applied long after its request. */
export interface GraphLogEntry {
  /** Counts from 1; never repeats. */
  readonly seq: number;
  /** `lateApply`: no request, but the effect of request `of`. */
  readonly event: "request" | "lateApply";
  readonly of?: number;
  /** When it arrived, by the clock that the pretend Instagram was given. */
  readonly at: Date;
  /** When it arrived, in milliseconds of a clock that never goes back. */
  readonly monotonicMs: number;
  readonly method: string;
  /** Without the query, which may hold a token. */
  readonly path: string;
  readonly call: GraphCall;
  readonly psid?: string;
  readonly text?: string;
  readonly tag?: string;
  /** The HTTP status; absent when it was never answered (time-out, dropped connection). */
  readonly status?: number;
  readonly code?: number;
  readonly subcode?: number;
  /** Whether the contact got the text because of this entry. */
  readonly applied: boolean;
  /** The message that came of it; present whenever `applied`. */
  readonly mid?: string;
  readonly fault?: FaultName;
  /** How many other requests about the same contact were under way when this one arrived. */
  readonly overlaps: number;
}

/** One try to hand an envelope to the webhook. */
export interface WebhookLogEntry {
  readonly seq: number;
  readonly at: Date;
  readonly monotonicMs: number;
  /** 1 for the first try of this copy. */
  readonly attempt: number;
  /** Until the answer, or until it was no longer waited for. */
  readonly tookMs: number;
  /** The answer's status; absent when there was none. */
  readonly status?: number;
  /** The messages in it, their own and those that they are about. */
  readonly mids: readonly string[];
  /** The bytes that were signed and posted. */
  readonly body: string;
}

/** A text that really reached a contact through the API. */
export interface AppliedText {
  readonly psid: string;
  readonly text: string;
  readonly mid: string;
  readonly at: Date;
  readonly monotonicMs: number;
  readonly tag?: string;
}

/** Keeps the newest `limit` entries, each frozen; only ever added to at the end. */
export class AppendOnlyLog<T extends object> {
  readonly #entries: T[] = [];
  readonly #limit: number;
  readonly #added: (entry: T) => void;

  constructor(limit: number, added: (entry: T) => void) {
    this.#limit = limit;
    this.#added = added;
  }

  get entries(): readonly T[] {
    return this.#entries;
  }

  add(entry: T): T {
    this.#entries.push(Object.freeze(entry));
    if (this.#entries.length > this.#limit * 1.1) this.#entries.splice(0, this.#entries.length - this.#limit);
    this.#added(entry);
    return entry;
  }
}
