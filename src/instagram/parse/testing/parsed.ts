/** What the tests of `parseEnvelope` say and expect. */
import assert from "node:assert/strict";
import type { InboundEvent } from "@/conversation/event.ts";
import { parseEnvelope } from "@/instagram/parse_envelope.ts";
import { accountId, bytes, envelope, psid, sampleTime } from "@/instagram/parse/testing/envelopes.ts";

export const receivedAt = new Date(sampleTime + 1_000);
export const mid = "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE";

export function parse(json: unknown): { events: readonly InboundEvent[]; skipped: number } {
  const parsed = parseEnvelope(bytes(json), receivedAt);
  assert.equal(parsed.kind, "events");
  return parsed;
}

export function parseOne(item: unknown): InboundEvent {
  const { events, skipped } = parse(envelope([item]));
  assert.equal(skipped, 0);
  assert.equal(events.length, 1);
  return events[0];
}

/** An event as the tests expect it: what is not said is as it is for a plain text of the contact's. */
export function event(over: Partial<InboundEvent>): InboundEvent {
  return {
    accountId,
    psid,
    direction: "in",
    key: `msg:${mid}`,
    kind: "text",
    attachments: [],
    at: new Date(sampleTime),
    standby: false,
    test: false,
    source: "webhook",
    ...over,
  };
}

/** Without the fields that are undefined. */
export function told(value: InboundEvent): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
