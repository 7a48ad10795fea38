import assert from "node:assert/strict";
import type { InboundEvent } from "@/conversation/event.ts";
import { accountId, echo, inbound, psid, sampleTime } from "@/instagram/parse/testing/envelopes.ts";
import { event, mid, parseOne, told } from "@/instagram/parse/testing/parsed.ts";

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
