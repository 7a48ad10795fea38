import assert from "node:assert/strict";
import fc from "fast-check";
import { comesAfter, foldMessage } from "@/conversation/fold_message.ts";
import { toMessage } from "@/conversation/receive.ts";
import {
  after,
  echoEvent,
  editEvent,
  noon,
  reactionEvent,
  seenEvent,
  textEvent,
  unsendEvent,
} from "@/conversation/testing.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import type { Message } from "@/store/records.ts";

const row = (event: InboundEvent): Message => toMessage(event, noon);
const message = row(textEvent("m1"));

Deno.test("foldMessage() shows the edit with the highest number, whatever order they came in", () => {
  const edits = [editEvent("m1", 2), editEvent("m1", 10), editEvent("m1", 9)].map(row);
  assert.equal(foldMessage(message, edits).text, "edit 10 of m1");
});

Deno.test("foldMessage() leaves nothing that was said in a message that was taken back", () => {
  const withAll = { ...message, attachments: [{ type: "image" }], payload: "P", referral: { ref: "ad" } };
  const folded = foldMessage(withAll, [row(unsendEvent("m1")), row(editEvent("m1", 1))]);
  assert.deepEqual(
    [folded.text, folded.attachments, folded.payload, folded.referral, folded.unsentAt],
    [undefined, [], undefined, undefined, noon],
  );
});

Deno.test("foldMessage() shows the newest sign, and none after it was taken away", () => {
  const react = row(reactionEvent("m1", "❤"));
  const away = row(reactionEvent("m1", undefined, { at: after(1) }));
  assert.equal(foldMessage(message, [react]).reactionEmoji, "❤");
  assert.equal(foldMessage(message, [away, react]).reactionEmoji, undefined);
});

Deno.test("foldMessage() notes the first time that the contact saw what the business sent", () => {
  const seen = [row(seenEvent("m1", { at: after(9) })), row(seenEvent("m1", { at: after(3) }))];
  assert.deepEqual(foldMessage(row(echoEvent("m1")), seen).seenAt, after(3));
  assert.equal(foldMessage(message, seen).seenAt, undefined);
});

Deno.test("foldMessage() does nothing for events about other messages, or about none", () => {
  const { refMid: _refMid, ...aboutNone } = row(editEvent("m1", 1));
  assert.equal(foldMessage(message, [row(editEvent("m2", 1)), aboutNone]), message);
  const { mid: _mid, ...withoutMid } = message;
  assert.equal(foldMessage(withoutMid, [aboutNone]), withoutMid);
});

Deno.test("foldMessage() is the same folded twice", () => {
  const about = fc.constantFrom(
    ...[editEvent("m1", 1), editEvent("m1", 2), unsendEvent("m1"), reactionEvent("m1", "❤"), seenEvent("m1")].map(row),
  );
  fc.assert(fc.property(fc.array(about), (events) => {
    const once = foldMessage(message, events);
    assert.deepEqual(foldMessage(once, events), once);
  }));
});

Deno.test("comesAfter() orders by Instagram's time, then by id, and never both ways", () => {
  const place = fc.record({ at: fc.constantFrom(noon, after(1)), id: fc.constantFrom("a", "b") });
  fc.assert(fc.property(place, place, (a, b) => {
    const isSame = a.id === b.id && a.at === b.at;
    assert.equal([comesAfter(a, b), comesAfter(b, a)].filter(Boolean).length, isSame ? 0 : 1);
  }));
});
