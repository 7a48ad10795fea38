import assert from "node:assert/strict";
import { parseEnvelope } from "@/instagram/parse_envelope.ts";
import { accountId, bytes, echo, envelope, inbound, psid, sampleTime } from "@/instagram/parse/testing/envelopes.ts";
import { event, mid, parse, parseOne, receivedAt, told } from "@/instagram/parse/testing/parsed.ts";

const url = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1&signature=s";

Deno.test("parseEnvelope() keeps several attachments under one mid together", () => {
  const attachments = [{ type: "image", payload: { url } }, { type: "video", payload: { url } }];
  const { kind, attachments: kept } = parseOne(inbound({ message: { mid, text: "both", attachments } }));
  assert.deepEqual([kind, kept.map(({ type }) => type)], ["media", ["image", "video"]]);
});

Deno.test("parseEnvelope() gives what it does not understand a key that repeats", () => {
  const strange = inbound({ teleport: { from: "here", to: "there" } });
  const turned = Object.fromEntries(Object.entries(strange).reverse());
  const [first, again, other] = [strange, turned, inbound({ teleport: { from: "here" } })].map(parseOne);
  assert.match(first.key, /^unknown:[0-9a-f]{64}$/);
  assert.deepEqual([again.key, first.kind], [first.key, "unknown"]);
  assert.notEqual(other.key, first.key);
});

Deno.test("parseEnvelope() keeps optins and changes of who holds the thread, without effect", () => {
  const items = [
    inbound({ optin: { type: "notification_messages", payload: "x" } }),
    inbound({ pass_thread_control: { previous_owner_app_id: null, new_owner_app_id: "1" } }),
    inbound({ app_roles: { "1": ["primary_receiver"] } }),
  ];
  assert.deepEqual(items.map(parseOne).map(({ kind }) => kind), ["optin", "handover", "handover"]);
});

Deno.test("parseEnvelope() keeps events about one mid apart by their keys", () => {
  const items = [
    inbound({ message: { mid, text: "Hello" } }),
    inbound({ message: { mid, is_deleted: true } }),
    inbound({ read: { mid } }),
    inbound({ reaction: { mid, action: "react" } }),
    inbound({ reaction: { mid, action: "react" } }, { timestamp: sampleTime + 1 }),
    inbound({ reaction: { mid, action: "unreact" } }),
    inbound({ message_edit: { mid, text: "a", num_edit: 1 } }),
    inbound({ message_edit: { mid, text: "b", num_edit: 2 } }),
    inbound({ message_edit: { mid, text: "Hello", num_edit: 0 } }),
    inbound({ postback: { mid, payload: "x" } }),
  ];
  const keys = parse(envelope(items)).events.map(({ key }) => key);
  assert.equal(new Set(keys).size, items.length);
});

Deno.test("parseEnvelope() tells postbacks without a mid apart, and recognises one that is repeated", () => {
  const tap = (payload: string, timestamp: number): string =>
    parseOne(inbound({ postback: { title: "Buy", payload } }, { timestamp })).key;
  assert.equal(tap("A", sampleTime), tap("A", sampleTime));
  assert.equal(new Set([tap("A", sampleTime), tap("B", sampleTime), tap("A", sampleTime + 1)]).size, 3);
});

Deno.test("parseEnvelope() keeps a message that has no mid", () => {
  const { kind, key, text } = parseOne(inbound({ message: { text: "Hello" } }));
  assert.deepEqual([kind, text], ["text", "Hello"]);
  assert.match(key, /^msg:[0-9a-f]{64}$/);
});

Deno.test("parseEnvelope() marks what comes while another app holds the thread", () => {
  const item = inbound({ message: { mid, text: "Hello" } });
  const entry = { messaging: undefined, standby: [item] };
  assert.deepEqual(parse(envelope([], entry)).events.map(({ standby }) => standby), [true]);
});

Deno.test("parseEnvelope() reads messaging fields under changes, and directly on the entry", () => {
  const value = inbound({ message: { mid, text: "Hello" } });
  const field = "messages";
  for (const entry of [{ changes: [{ field, value }] }, { field, value }]) {
    const { events, skipped } = parse(envelope([], { messaging: undefined, ...entry }));
    assert.deepEqual([skipped, events.map(told)], [0, [told(event({ mid, text: "Hello" }))]]);
  }
});

Deno.test("parseEnvelope() takes what comes under message_echoes for an echo", () => {
  const value = echo({ mid, text: "Hello" }, { message: { mid, text: "Hello" } });
  const entry = { id: undefined, messaging: undefined, changes: [{ field: "message_echoes", value }] };
  const [{ direction, accountId: account }] = parse(envelope([], entry)).events;
  assert.deepEqual([direction, account], ["out", accountId]);
});

Deno.test("parseEnvelope() passes over comments and mentions", () => {
  const changes = [
    { field: "comments", value: { id: "1", text: "Wow", from: { id: "2" } } },
    { field: "mentions", value: { media_id: "1", comment_id: "2" } },
  ];
  assert.deepEqual(parse(envelope([], { messaging: undefined, changes })), { kind: "events", events: [], skipped: 2 });
});

Deno.test("parseEnvelope() reads several entries, and a list of envelopes", () => {
  const [one, two] = ["A", "B"].map((name) => envelope([inbound({ message: { mid: name, text: name } })]));
  const both = { ...one, entry: [one, two].flatMap(({ entry }) => entry) };
  for (const body of [both, [one, two]]) {
    assert.deepEqual(parse(body).events.map(({ key }) => key), ["msg:A", "msg:B"]);
  }
});

Deno.test("parseEnvelope() does not let a bad item spoil its neighbours", () => {
  const good = inbound({ message: { mid, text: "Hello" } });
  for (const bad of [null, "x", 7, true, [], {}, [good], { message: good }, { sender: null, recipient: 3 }]) {
    const { events, skipped } = parse(envelope([good, bad, good]));
    assert.deepEqual([events.length, skipped], [2, 1], JSON.stringify(bad));
  }
});

Deno.test("parseEnvelope() reads the rest of an item that has a field of the wrong type", () => {
  const item = inbound({
    message: { mid, text: "Hello", attachments: "none", reply_to: 3, quick_reply: [], referral: "x", is_echo: "no" },
  });
  assert.deepEqual(told(parseOne(item)), told(event({ mid, text: "Hello" })));
});

Deno.test("parseEnvelope() flags the test event of Meta's dashboard", () => {
  const value = {
    sender: { id: "12334" },
    recipient: { id: "23245" },
    timestamp: "1527459824",
    message: { mid: "random_mid", text: "random_text" },
  };
  const entry = [{ id: "0", time: 1_661_141_837, changes: [{ field: "messages", value }] }];
  const [{ test, accountId: account, psid: contact }] = parse({ object: "instagram", entry }).events;
  assert.deepEqual([test, account, contact], [true, "0", "12334"]);
});

Deno.test("parseEnvelope() routes by the entry's id, else by recipient or, of an echo, sender", () => {
  const route = (item: unknown, id: unknown): string[] =>
    parse(envelope([item], { id })).events.map((one) => `${one.accountId} ${one.psid} ${one.direction}`);
  const message = { mid, text: "Hello" };
  assert.deepEqual(route(inbound({ message }), undefined), [`${accountId} ${psid} in`]);
  assert.deepEqual(route(echo(message), undefined), [`${accountId} ${psid} out`]);
  assert.deepEqual(route(inbound({ message }), "999"), [`999 ${psid} in`]);
});

Deno.test("parseEnvelope() takes ids that came as numbers for text", () => {
  const item = { sender: { id: 1_234 }, recipient: { id: 99 }, timestamp: sampleTime, message: { mid: 5, text: "x" } };
  const body = `{"object":"instagram","entry":[{"id":17841400000000000,"messaging":[${JSON.stringify(item)}]}]}`;
  const parsed = parseEnvelope(new TextEncoder().encode(body), receivedAt);
  assert.equal(parsed.kind, "events");
  const [{ accountId: account, psid: contact, key }] = parsed.events;
  assert.deepEqual([account, contact, key], ["17841400000000000", "1234", "msg:5"]);
});

Deno.test("parseEnvelope() calls dead what can never be read, and says why", () => {
  const reasons: readonly [unknown, RegExp][] = [
    ["", /not JSON/],
    ["{", /not JSON/],
    ["null", /not an envelope/],
    ["7", /not an envelope/],
    ["[null]", /not an envelope/],
    ["{}", /not an envelope/],
    [`{"object":"instagram","entry":{}}`, /not an envelope/],
    [`{"object":"page","entry":[]}`, /"page", wanted "instagram"/],
    [`[{"object":"page","entry":[]}]`, /"page", wanted "instagram"/],
  ];
  for (const [body, wanted] of reasons) {
    const parsed = parseEnvelope(new TextEncoder().encode(String(body)), receivedAt);
    assert.equal(parsed.kind, "dead", String(body));
    assert.match(parsed.reason, wanted);
  }
});

Deno.test("parseEnvelope() reads on behind a byte order mark and around bytes that are no UTF-8", () => {
  const body = bytes(envelope([inbound({ message: { mid, text: "Hello ~" } })]));
  const spoiled = Uint8Array.from([0xef, 0xbb, 0xbf, ...body.map((byte) => byte === 0x7e ? 0xff : byte)]);
  const parsed = parseEnvelope(spoiled, receivedAt);
  assert.equal(parsed.kind, "events");
  assert.equal(parsed.events[0].text, "Hello \uFFFD");
});

Deno.test("parseEnvelope() mends halves of surrogate pairs and NULs, and cuts texts that are out of all measure", () => {
  const text = (value: string): string | undefined => parseOne(inbound({ message: { mid, text: value } })).text;
  assert.equal(text("a\ud800b\0c"), "a\uFFFDb\uFFFDc");
  assert.equal(text("\u{1F600}"), "\u{1F600}");
  assert.equal(text("x".repeat(1_000_000))?.length, 20_000);
});
