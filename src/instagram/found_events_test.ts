import assert from "node:assert/strict";
import type { ThreadMessage } from "@/instagram/client_thread.ts";
import { contactOf, foundEvents } from "@/instagram/found_events.ts";
import { makeMessage } from "@/store/testing/factories.ts";

const noon = new Date("2026-11-24T12:00:00Z");
const [accountId, psid] = ["17841400000000001", "6001"];

function at(second: number): Date {
  return new Date(noon.getTime() + second * 1_000);
}

function said(mid: string, second: number, patch: Partial<ThreadMessage> = {}): ThreadMessage {
  return { mid, at: at(second), fromId: psid, text: `text of ${mid}`, ...patch };
}

const context = { accountId, psid, known: [], since: at(-1_000), until: at(1_000) };

Deno.test("foundEvents() makes of each unknown message the event that its webhook would have been, oldest first", () => {
  const own = said("m2", 2, { fromId: accountId });
  const events = foundEvents([own, said("m1", 1)], context);
  assert.deepEqual(events.map(({ key, direction, source }) => [key, direction, source]), [
    ["msg:m1", "in", "backfill"],
    ["msg:m2", "out", "backfill"],
  ]);
});

Deno.test("foundEvents() leaves out what is known, too old, or may still come by webhook", () => {
  const known = [{ ...makeMessage({ psid }), mid: "m2" }];
  const messages = [said("m4", 1_001), said("m3", 3), said("m2", 2), said("m1", -1_001)];
  assert.deepEqual(foundEvents(messages, { ...context, known }).map(({ mid }) => mid), ["m3"]);
});

Deno.test("foundEvents() says when a person had answered already, and lets the bot's own answer not count", () => {
  const person = said("p", 3, { fromId: "another id of the account" });
  const bot = said("b", 3, { fromId: accountId });
  const known = [{ ...makeMessage({ psid }), mid: "b", role: "assistant" as const, author: "bot" as const }];
  assert.deepEqual(foundEvents([person, said("m1", 1)], context)[0]?.answeredAt, at(3));
  assert.equal(foundEvents([bot, said("m1", 1)], { ...context, known })[0]?.answeredAt, undefined);
  assert.equal(foundEvents([said("m1", 4), person], context).at(-1)?.answeredAt, undefined);
});

Deno.test("foundEvents() keeps the order of messages within the same second", () => {
  const events = foundEvents([said("m3", 1), said("m2", 1), said("m1", 1)], context);
  assert.deepEqual(events.map(({ mid, at: when }) => [mid, when.getTime() - at(1).getTime()]), [
    ["m1", 0],
    ["m2", 1],
    ["m3", 2],
  ]);
});

Deno.test("foundEvents() takes a message that is empty in the thread for one that only the app shows", () => {
  const image = { attachments: [{ type: "image", url: "https://x.test/1.jpg" }], text: "" };
  const events = foundEvents([said("m2", 2, image), said("m1", 1, { text: "" })], context);
  assert.deepEqual(events.map(({ kind }) => kind), ["unsupported", "media"]);
});

Deno.test("contactOf() finds the contact by the account's id or its handle, and names nobody when in doubt", () => {
  const owner = { accountId, username: "shop" };
  const contact = { id: psid, username: "ana" };
  const thread = (...participants: { id: string; username?: string }[]): string | undefined =>
    contactOf({ participants }, owner);
  assert.equal(thread({ id: accountId }, contact), psid);
  assert.equal(thread(contact, { id: "2784", username: "shop" }), psid);
  assert.equal(thread(contact, { id: "2784" }), undefined);
  assert.equal(thread(contact), undefined);
  assert.equal(thread({ id: accountId }, contact, { id: "7" }), undefined);
});
