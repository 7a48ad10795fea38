import assert from "node:assert/strict";
import fc from "fast-check";
import { parseEnvelope } from "@/instagram/parse_envelope.ts";
import { bytes, echo, envelope, inbound } from "@/instagram/parse/testing/envelopes.ts";

const receivedAt = new Date("2026-11-24T12:00:00Z");
const encoder = new TextEncoder();

function parseText(json: string): ReturnType<typeof parseEnvelope> {
  return parseEnvelope(encoder.encode(json), receivedAt);
}

const samples: readonly unknown[] = [
  envelope([
    inbound({ message: { mid: "m", text: "Hello", attachments: [{ type: "image", payload: { url: "u" } }] } }),
  ]),
  envelope([inbound({ message: { mid: "m", reply_to: { story: { id: "1" } }, quick_reply: { payload: "p" } } })]),
  envelope([inbound({ reaction: { mid: "m", action: "react", emoji: "x" } }), inbound({ read: { mid: "m" } })]),
  envelope([inbound({ message_edit: { mid: "m", text: "t", num_edit: 1 } }), echo({ mid: "e", text: "x" })]),
  envelope([inbound({ postback: { mid: "m", title: "t" } })], { standby: [inbound({ referral: { ref: "r" } })] }),
  envelope([], { changes: [{ field: "messages", value: inbound({ message: { mid: "m", text: "t" } }) }] }),
];

/** Every copy of the JSON in which one place holds the value instead. */
function withEachPlaceReplaced(json: unknown, value: unknown): unknown[] {
  if (typeof json !== "object" || json === null) return [value];
  const copies = Object.entries(json).flatMap(([name, inner]) =>
    withEachPlaceReplaced(inner, value).map((changed) =>
      Array.isArray(json) ? json.with(Number(name), changed) : { ...json, [name]: changed }
    )
  );
  return [value, ...copies];
}

const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 60,
  1e300,
  "",
  "x",
  "\ud800",
  "\0",
  "x".repeat(10_000),
  [],
  {},
  [[]],
  [null],
  { id: null },
  { id: {} },
  JSON.parse('{"__proto__":{"id":"x","is_echo":true}}'),
  { constructor: 1, toString: null, valueOf: "x" },
];

Deno.test("parseEnvelope() throws at nothing, whatever stands in whatever place of Meta's JSON", () => {
  for (const sample of samples) {
    for (const value of nasty) {
      for (const body of withEachPlaceReplaced(sample, value)) {
        const parsed = parseEnvelope(bytes(body), receivedAt);
        if (parsed.kind === "events") checkEvents(parsed.events);
      }
    }
  }
});

/** What the stores and the core rely on. */
function checkEvents(events: Extract<ReturnType<typeof parseEnvelope>, { kind: "events" }>["events"]): void {
  for (const event of events) {
    for (const id of [event.accountId, event.psid, event.key]) assert.ok(id !== "" && id.isWellFormed());
    assert.ok(!Number.isNaN(event.at.getTime()));
    assert.ok(event.at.getTime() <= receivedAt.getTime() + 300_000);
    assert.equal(JSON.stringify(event).includes("\\u0000"), false);
  }
}

Deno.test("parseEnvelope() throws at no bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
    parseEnvelope(body, receivedAt);
  }));
});

Deno.test("parseEnvelope() throws at no JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), (body) => {
    parseEnvelope(bytes(body), receivedAt);
    parseEnvelope(bytes(envelope([body, inbound({ message: body }), inbound({ strange: body })])), receivedAt);
  }));
});

Deno.test("parseEnvelope() throws at no body that lost, gained or changed bytes", () => {
  const bodies = fc.constantFrom(...samples.map(bytes));
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(bodies, changes, fc.nat(), (body, edits, cut) => {
    const broken = Uint8Array.from(body);
    for (const [at, byte] of edits) broken[at % broken.length] = byte;
    parseEnvelope(broken, receivedAt);
    parseEnvelope(broken.subarray(0, cut % broken.length), receivedAt);
  }));
});

Deno.test("parseEnvelope() walks 100,000 levels in any place without recursion", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const deepObject = '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000);
  const sides = '"sender":{"id":"1"},"recipient":{"id":"2"}';
  for (const value of [deep, deepObject]) {
    parseText(value);
    parseText(`{"object":"instagram","entry":${value}}`);
    for (const inner of ["strange", "message", "referral", "optin", "timestamp", "message_edit"]) {
      const body = `{"object":"instagram","entry":[{"id":"2","messaging":[{${sides},"${inner}":${value}}]}]}`;
      const parsed = parseText(body);
      assert.ok(parsed.kind === "events" && parsed.events.length === 1, inner);
    }
  }
});

Deno.test("parseEnvelope() takes numbers beyond measure for neither times nor ids", () => {
  const item = '{"sender":{"id":1e999},"recipient":{"id":"2"},"timestamp":1e999,"message":{"mid":"m","text":"x"}}';
  const parsed = parseText(`{"object":"instagram","entry":[{"id":"2","time":1e999,"messaging":[${item}]}]}`);
  assert.deepEqual(parsed, { kind: "events", events: [], skipped: 1 });
});

Deno.test("parseEnvelope() takes no field from __proto__", () => {
  const item = '{"__proto__":{"message":{"mid":"m","text":"x"}},"sender":{"id":"1"},"recipient":{"id":"2"}}';
  const parsed = parseText(`{"object":"instagram","entry":[{"id":"2","messaging":[${item}]}]}`);
  assert.ok(parsed.kind === "events");
  assert.deepEqual(parsed.events.map(({ kind }) => kind), ["unknown"]);
  assert.equal("message" in {}, false);
});

Deno.test("parseEnvelope() reads 1,000 items of one request", () => {
  const items = Array.from({ length: 1_000 }, (_, n) => inbound({ message: { mid: `m${n}`, text: String(n) } }));
  const parsed = parseEnvelope(bytes(envelope(items)), receivedAt);
  assert.ok(parsed.kind === "events");
  assert.equal(new Set(parsed.events.map(({ key }) => key)).size, 1_000);
});

Deno.test("parseEnvelope() takes an empty request for dead", () => {
  assert.equal(parseEnvelope(new Uint8Array(), receivedAt).kind, "dead");
});
