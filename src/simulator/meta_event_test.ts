import assert from "node:assert/strict";
import { contactEventSchema, type SingleEvent, toSteps } from "./contact_event.ts";
import { type EventFrame, toEchoEvent, toMetaEvent } from "./meta_event.ts";

const frame: EventFrame = {
  accountId: "IG",
  psid: "555",
  at: new Date(1569262485349),
  mid: "MID",
  editNumber: 1,
};
const head = { sender: { id: "555" }, recipient: { id: "IG" }, timestamp: 1569262485349 };
const url = "https://cdn.test/a";

const shapes: readonly (readonly [SingleEvent, Readonly<Record<string, unknown>>])[] = [
  [{ kind: "text", text: "hi" }, { message: { mid: "MID", text: "hi" } }],
  [{ kind: "text", text: "hi", replyTo: "Q" }, { message: { mid: "MID", text: "hi", reply_to: { mid: "Q" } } }],
  [{ kind: "quickReply", title: "Yes", payload: "Y" }, {
    message: { mid: "MID", text: "Yes", quick_reply: { payload: "Y" } },
  }],
  [{ kind: "postback", title: "Buy", payload: "B" }, { postback: { mid: "MID", title: "Buy", payload: "B" } }],
  [{ kind: "image", url }, { message: { mid: "MID", attachments: [{ type: "image", payload: { url } }] } }],
  [{ kind: "voice", url }, { message: { mid: "MID", attachments: [{ type: "audio", payload: { url } }] } }],
  [{ kind: "video", url }, { message: { mid: "MID", attachments: [{ type: "video", payload: { url } }] } }],
  [{ kind: "file", url }, { message: { mid: "MID", attachments: [{ type: "file", payload: { url } }] } }],
  [{ kind: "attachment", type: "hologram" }, {
    message: { mid: "MID", attachments: [{ type: "hologram", payload: {} }] },
  }],
  [{ kind: "viewOnce" }, { message: { mid: "MID", attachments: [{ type: "ephemeral" }] } }],
  [{ kind: "storyReply", text: "wow", storyId: "S", url }, {
    message: { mid: "MID", text: "wow", reply_to: { story: { id: "S", url } } },
  }],
  [{ kind: "storyMention", url }, {
    message: { mid: "MID", attachments: [{ type: "story_mention", payload: { url } }] },
  }],
  [{ kind: "share", url, title: "T" }, {
    message: {
      mid: "MID",
      attachments: [{ type: "ig_post", payload: { url, title: "T", ig_post_media_id: "17900000000000001" } }],
    },
  }],
  [{ kind: "reaction", mid: "M" }, { reaction: { mid: "M", action: "react", reaction: "love", emoji: "❤️" } }],
  [{ kind: "reaction", mid: "M", action: "unreact" }, { reaction: { mid: "M", action: "unreact" } }],
  [{ kind: "seen", mid: "M" }, { read: { mid: "M" } }],
  [{ kind: "edit", mid: "M", text: "new" }, { message_edit: { mid: "M", text: "new", num_edit: 1 } }],
  [{ kind: "unsend", mid: "M" }, { message: { mid: "M", is_deleted: true } }],
  [{ kind: "unsupported" }, { message: { mid: "MID", is_unsupported: true } }],
  [{ kind: "referral", ref: "R" }, { referral: { ref: "R", source: "IGME-SOURCE-LINK", type: "OPEN_THREAD" } }],
  [{ kind: "standby", text: "hi" }, { message: { mid: "MID", text: "hi" } }],
];

for (const [event, content] of shapes) {
  Deno.test(`toMetaEvent() gives ${JSON.stringify(event)} the shape that Meta documents`, () => {
    const list = event.kind === "standby" ? "standby" : "messaging";
    assert.deepEqual(toMetaEvent(event, frame), { list, body: { ...head, ...content } });
  });
}

Deno.test("every kind of event has a shape in these tests", () => {
  const kinds = contactEventSchema.options.map(({ shape }) => shape.kind.value).filter((kind) => kind !== "burst");
  assert.deepEqual(new Set(shapes.map(([{ kind }]) => kind)), new Set(kinds));
});

Deno.test("toEchoEvent() swaps the two sides and marks the message as an echo", () => {
  assert.deepEqual(toEchoEvent("hello", frame).body, {
    sender: { id: "IG" },
    recipient: { id: "555" },
    timestamp: 1569262485349,
    message: { mid: "MID", text: "hello", is_echo: true },
  });
});

Deno.test("toSteps() makes a burst into texts with the gap before each but the first", () => {
  assert.deepEqual(toSteps([{ kind: "burst", texts: ["a", "b"], gapMs: 700 }]), [
    { event: { kind: "text", text: "a" }, afterMs: 0 },
    { event: { kind: "text", text: "b" }, afterMs: 700 },
  ]);
});
