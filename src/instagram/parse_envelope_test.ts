import assert from "node:assert/strict";
import type { InboundEvent } from "@/conversation/event.ts";
import { parseEnvelope } from "@/instagram/parse_envelope.ts";
import { accountId, bytes, echo, envelope, inbound, psid, sampleTime } from "@/instagram/parse/testing/envelopes.ts";

const receivedAt = new Date(sampleTime + 1_000);
const mid = "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE";

function parse(json: unknown): { events: readonly InboundEvent[]; skipped: number } {
  const parsed = parseEnvelope(bytes(json), receivedAt);
  assert.equal(parsed.kind, "events");
  return parsed;
}

function parseOne(item: unknown): InboundEvent {
  const { events, skipped } = parse(envelope([item]));
  assert.equal(skipped, 0);
  assert.equal(events.length, 1);
  return events[0];
}

/** An event as the tests expect it: what is not said is as it is for a plain text of the contact's. */
function event(over: Partial<InboundEvent>): InboundEvent {
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
function told(value: InboundEvent): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

const url = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1&signature=s";

function withAttachment(type: string, payload?: Record<string, unknown>): Record<string, unknown> {
  return inbound({ message: { mid, attachments: [{ type, ...(payload && { payload }) }] } });
}

const samples: readonly { name: string; item: unknown; wants: Partial<InboundEvent> }[] = [
  { name: "a text", item: inbound({ message: { mid, text: "Hello" } }), wants: { mid, text: "Hello" } },
  {
    name: "a quick reply",
    item: inbound({ message: { mid, text: "Yes", quick_reply: { payload: "DEV" } } }),
    wants: { kind: "quickReply", mid, text: "Yes", payload: "DEV" },
  },
  ...["image", "video", "audio", "file", "media", "like_heart", "hologram"].map((type) => ({
    name: `an attachment of type ${type}`,
    item: withAttachment(type, { url }),
    wants: { kind: "media" as const, mid, attachments: [{ type, url, title: undefined }] },
  })),
  {
    name: "a view-once picture, which has no payload",
    item: withAttachment("ephemeral"),
    wants: { kind: "media", mid, attachments: [{ type: "ephemeral", url: undefined, title: undefined }] },
  },
  {
    name: "a shared comment, which has no elements",
    item: withAttachment("template", { generic: { elements: [] } }),
    wants: { kind: "media", mid, attachments: [{ type: "template", url: undefined, title: undefined }] },
  },
  ...["share", "ig_post", "ig_reel", "reel"].map((type) => ({
    name: `a share of type ${type}`,
    item: withAttachment(type, { url, title: "Our new chair", ig_post_media_id: "1" }),
    wants: { kind: "share" as const, mid, attachments: [{ type, url, title: "Our new chair" }] },
  })),
  {
    name: "a shared story, whose address has another name",
    item: withAttachment("ig_story", { story_media_id: "1", story_media_url: url }),
    wants: { kind: "share", mid, attachments: [{ type: "ig_story", url, title: undefined }] },
  },
  {
    name: "a mention in a story",
    item: withAttachment("story_mention", { url }),
    wants: { kind: "storyMention", mid, attachments: [{ type: "story_mention", url, title: undefined }] },
  },
  {
    name: "a reply to a story",
    item: inbound({
      message: { mid, text: "Nice!", reply_to: { story: { id: "S", url, link_sticker_url: "https://x.example" } } },
    }),
    wants: { kind: "storyReply", mid, text: "Nice!", replyTo: { story: { id: "S", url } } },
  },
  {
    name: "a reply to a message",
    item: inbound({ message: { mid, text: "this one", reply_to: { mid: "QUOTED" } } }),
    wants: { mid, text: "this one", replyTo: { mid: "QUOTED" } },
  },
  {
    name: "a text that came from an advertisement",
    item: inbound({
      message: {
        mid,
        text: "Hi",
        referral: { ref: "r", ad_id: "7", source: "ADS", ads_context_data: { ad_title: "t" } },
      },
    }),
    wants: { mid, text: "Hi", referral: { ref: "r", ad_id: "7", source: "ADS", ads_context_data: { ad_title: "t" } } },
  },
  {
    name: "a message about a product and nothing else",
    item: inbound({ message: { mid, referral: { product: { id: "P" } } } }),
    wants: { kind: "referral", mid, referral: { product: { id: "P" } } },
  },
  {
    name: "what Instagram cannot show",
    item: inbound({ message: { mid, is_unsupported: true } }),
    wants: { kind: "unsupported", mid },
  },
  {
    name: "a message of a shape that nobody has seen yet",
    item: inbound({ message: { mid, hologram: {} } }),
    wants: { kind: "unsupported", mid },
  },
  {
    name: "an unsend",
    item: inbound({ message: { mid, is_deleted: true } }),
    wants: { kind: "unsend", key: `del:${mid}`, refMid: mid },
  },
  {
    name: "an edit",
    item: inbound({ message_edit: { mid, text: "new text", num_edit: 1 } }),
    wants: { kind: "edit", key: `edit:${mid}:1`, refMid: mid, text: "new text", editNumber: 1 },
  },
  {
    name: "an edit with its number as text",
    item: inbound({ message_edit: { mid, text: "newer", num_edit: "2" } }),
    wants: { kind: "edit", key: `edit:${mid}:2`, refMid: mid, text: "newer", editNumber: 2 },
  },
  {
    name: "the edit number 0 that accompanies a message, as no edit",
    item: inbound({ message_edit: { mid, text: "Hello", num_edit: 0 } }),
    wants: { kind: "unknown", key: `edit:${mid}:0`, refMid: mid },
  },
  {
    name: "a postback",
    item: inbound({
      postback: { mid, title: "Prices", payload: "PRICES", referral: { ref: "r", type: "OPEN_THREAD" } },
    }),
    wants: {
      kind: "postback",
      key: `pb:${mid}`,
      mid,
      text: "Prices",
      payload: "PRICES",
      referral: { ref: "r", type: "OPEN_THREAD" },
    },
  },
  {
    name: "a reaction",
    item: inbound({ reaction: { mid, action: "react", reaction: "love", emoji: "\u2764\ufe0f" } }),
    wants: {
      kind: "reaction",
      key: `re:${mid}:react:${sampleTime}`,
      refMid: mid,
      reaction: { action: "react", emoji: "\u2764\ufe0f" },
    },
  },
  {
    name: "a reaction taken back",
    item: inbound({ reaction: { mid, action: "unreact" } }),
    wants: {
      kind: "reaction",
      key: `re:${mid}:unreact:${sampleTime}`,
      refMid: mid,
      reaction: { action: "unreact", emoji: undefined },
    },
  },
  { name: "a receipt", item: inbound({ read: { mid } }), wants: { kind: "seen", key: `rd:${mid}`, refMid: mid } },
  {
    name: "an ig.me link",
    item: inbound({ referral: { ref: "P", source: "IGME-SOURCE-LINK", type: "OPEN_THREAD" } }),
    wants: {
      kind: "referral",
      key: `ref:${psid}:${sampleTime}`,
      referral: { ref: "P", source: "IGME-SOURCE-LINK", type: "OPEN_THREAD" },
    },
  },
  { name: "an echo", item: echo({ mid, text: "test" }), wants: { direction: "out", mid, text: "test" } },
  {
    name: "an echo without its mark",
    item: echo({ mid, text: "test" }, { message: { mid, text: "test" } }),
    wants: { direction: "out", mid, text: "test" },
  },
  {
    name: "what the account writes to itself, as an echo",
    item: inbound({ message: { mid, text: "note", is_self: true, is_echo: true } }, {
      sender: { id: accountId },
      recipient: { id: "77" },
    }),
    wants: { direction: "out", psid: "77", mid, text: "note" },
  },
  {
    name: "an unsend by the account",
    item: echo({ mid, is_deleted: true }),
    wants: { direction: "out", kind: "unsend", key: `del:${mid}`, refMid: mid },
  },
];

for (const { name, item, wants } of samples) {
  Deno.test(`parseEnvelope() reads ${name}`, () => {
    assert.deepEqual(told(parseOne(item)), told(event(wants)));
  });
}

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
