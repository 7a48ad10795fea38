import type { InboundEvent } from "@/conversation/event.ts";
import { type ParsedEnvelope, parseEnvelope } from "@/instagram/parse_envelope.ts";
import type { Envelope } from "@/store/records.ts";

/** Claims of one envelope before it is given up: a body that kills the process is claimed, but never finished. */
export const maxClaims = 5;

/** Accounts named in a note; the rest is counted. */
const maxNamed = 3;

/** An envelope taken apart, with how it shall end once its events are in their conversations. */
export interface OpenedEnvelope {
  readonly envelope: Envelope;
  /** Only those of accounts that Moca has. */
  readonly events: readonly InboundEvent[];
  /** Those of other accounts: dropped. An app also gets events of accounts that once let it in. */
  readonly foreign: readonly InboundEvent[];
  readonly skipped: number;
  readonly state: "split" | "dead";
  /** Why it is `dead`, or what was passed over; in words, without anything that a contact wrote. */
  readonly note?: string;
}

/** What the envelope holds. One that was claimed too often is not even looked into. */
export function readEnvelope(envelope: Envelope): ParsedEnvelope {
  if (envelope.attempts > maxClaims) return { kind: "dead", reason: `given up after ${maxClaims} claims` };
  return parseEnvelope(envelope.body, envelope.receivedAt);
}

/** Sorts out what is for one of Moca's accounts; there is no account for the rest to fall back to. */
export function openEnvelope(
  envelope: Envelope,
  parsed: ParsedEnvelope,
  isKnown: (accountId: string) => boolean,
): OpenedEnvelope {
  if (parsed.kind === "dead") {
    return { envelope, events: [], foreign: [], skipped: 0, state: "dead", note: parsed.reason };
  }
  const { skipped } = parsed;
  const events = parsed.events.filter(({ accountId }) => isKnown(accountId));
  const foreign = parsed.events.filter(({ accountId }) => !isKnown(accountId));
  const state = events.length === 0 && foreign.length > 0 ? "dead" : "split";
  return { envelope, events, foreign, skipped, state, note: noteOn(foreign, skipped) };
}

function noteOn(foreign: readonly InboundEvent[], skipped: number): string | undefined {
  const notes = [
    ...(foreign.length === 0 ? [] : [noteOnForeign(foreign)]),
    ...(skipped === 0 ? [] : [`${skipped} item(s) that belong to no conversation`]),
  ];
  return notes.length === 0 ? undefined : notes.join("; ");
}

function noteOnForeign(foreign: readonly InboundEvent[]): string {
  const ids = [...new Set(foreign.map(({ accountId }) => accountId))];
  const named = ids.slice(0, maxNamed).join(", ");
  const more = ids.length > maxNamed ? ` and ${ids.length - maxNamed} more` : "";
  const test = foreign.every((event) => event.test) ? ", the test event of Meta's dashboard" : "";
  return `unknown account ${named}${more}: ${foreign.length} event(s)${test}`;
}
