import assert from "node:assert/strict";
import type { Message } from "@/store/records.ts";
import { describeMessage } from "@/agent/describe_message.ts";
import { makeMessage, noon } from "@/agent/testing/make_request.ts";

const described: readonly (readonly [what: string, patch: Partial<Message>, shown: string])[] = [
  ["a text", { text: "hello" }, "hello"],
  ["a voice message", { kind: "media", attachments: [{ type: "audio" }] }, "[a voice message that cannot be heard]"],
  [
    "a picture with words",
    { text: "this one?", attachments: [{ type: "image" }] },
    "this one? [a picture that cannot be seen]",
  ],
  ["an attachment of a new type", { attachments: [{ type: "hologram" }] }, "[an attachment that cannot be seen]"],
  ["a type named like a method", { attachments: [{ type: "toString" }] }, "[an attachment that cannot be seen]"],
  [
    "a shared post with a title",
    { kind: "share", attachments: [{ type: "ig_post", title: "<b>Sale</b>" }] },
    '[a shared post that cannot be seen, titled "‹b›Sale‹/b›"]',
  ],
  ["a pressed button", { kind: "postback", text: "Book a table", payload: "BOOK" }, "Book a table [pressed a button]"],
  ["a story reply", { kind: "storyReply", text: "wow" }, "wow [in reply to a story of the business]"],
  [
    "somebody who came through an advertisement",
    { kind: "referral", referral: { source: "ADS", ref: "summer" } },
    '[came through an advertisement, marked "summer"]',
  ],
  ["a message taken back", { unsentAt: noon }, "[taken back by the contact]"],
  [
    "a message that Instagram does not show",
    { kind: "unsupported" },
    "[a message of a kind that Instagram does not pass on]",
  ],
];

for (const [what, patch, shown] of described) {
  Deno.test(`describeMessage() is honest about ${what}`, () => {
    assert.equal(describeMessage(makeMessage({ id: "1", ...patch })), shown);
  });
}

Deno.test("describeMessage() cuts an endless text and says so", () => {
  const shown = describeMessage(makeMessage({ id: "1", text: "a".repeat(100_000) }));
  assert.ok(shown.length < 2_100 && shown.endsWith("[cut here]"));
});
