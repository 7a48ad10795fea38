import assert from "node:assert/strict";
import { type Aggregate, newAggregate } from "@/conversation/aggregate.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { makeRuleTurn, type RuleTurnInput } from "@/rules/rule_turn.ts";
import type { Contact, Conversation, Message } from "@/store/records.ts";

const now = new Date("2026-11-24T12:00:00Z");
const after = (ms: number): Date => new Date(now.getTime() + ms);

interface Given {
  readonly messages?: readonly Partial<Message>[];
  readonly history?: readonly Partial<Message>[];
  readonly contact?: Partial<Contact>;
  readonly conversation?: Partial<Conversation>;
  readonly settings?: Partial<RuleTurnInput["settings"]>;
}

function makeInput({ messages = [], history = [], contact, conversation, settings }: Given): RuleTurnInput {
  const empty = newAggregate({ accountId: "shop", psid: "ada" }, now);
  const aggregate: Aggregate = {
    ...empty,
    contact: { ...empty.contact, ...contact },
    conversation: { ...empty.conversation, ...conversation },
  };
  return {
    aggregate,
    messages: messages.map((message, index) => makeMessage(`m${index}`, message)),
    history: history.map((message, index) => makeMessage(`h${index}`, message)),
    settings: { ...defaultSettings, ...settings },
    now,
  };
}

function makeMessage(id: string, given: Partial<Message>): Message {
  return {
    id,
    accountId: "shop",
    conversationId: "shop_ada",
    role: "user",
    author: "contact",
    kind: "text",
    attachments: [],
    standby: false,
    test: false,
    at: now,
    receivedAt: now,
    source: "webhook",
    ...given,
  };
}

Deno.test("makeRuleTurn() keeps every message of the burst, and the texts of those that have one", () => {
  const turn = makeRuleTurn(makeInput({
    messages: [{ text: "hi" }, { kind: "media", attachments: [{ type: "image" }] }, { text: "  " }, { text: "price?" }],
  }));
  assert.deepEqual(turn.texts, ["hi", "price?"]);
  assert.deepEqual(turn.messages.map(({ kind, attachments }) => [kind, ...attachments]), [
    ["text"],
    ["media", "image"],
    ["text"],
    ["text"],
  ]);
});

Deno.test("makeRuleTurn() calls a message answered when an earlier turn decided on it", () => {
  const turn = makeRuleTurn(makeInput({
    conversation: { nextTurn: 3 },
    messages: [{ turnId: "shop_ada_t2" }, {}],
  }));
  assert.deepEqual(turn.messages.map(({ answered }) => answered), [true, false]);
});

Deno.test("makeRuleTurn() does not call a message answered whose turn was pulled back", () => {
  const turn = makeRuleTurn(makeInput({ conversation: { nextTurn: 2 }, messages: [{ turnId: "shop_ada_t2" }] }));
  assert.equal(turn.messages[0].answered, false);
});

Deno.test("makeRuleTurn() hands on the newest 20 messages before the burst, without receipts", () => {
  const history = [{ kind: "seen" as const }, ...Array.from({ length: 30 }, (_, index) => ({ text: `${index}` }))];
  const texts = makeRuleTurn(makeInput({ history: [...history, { kind: "reaction" }] })).history.map(({ text }) =>
    text
  );
  assert.equal(texts.length, 20);
  assert.equal(texts.at(-1), "29");
});

Deno.test("makeRuleTurn() gives a conversation back to the bot once the person's time is over", () => {
  const handler = { kind: "person", since: now, by: "eva", reason: "eva answered", needed: false } as const;
  const held = makeRuleTurn(makeInput({ conversation: { handler: { ...handler, until: after(1) } } }));
  assert.equal(held.conversation.handler, "person");
  assert.deepEqual(held.conversation.handlerUntil, after(1));
  assert.equal(held.conversation.handlerReason, "eva answered");
  const over = makeRuleTurn(makeInput({ conversation: { handler: { ...handler, until: now } } }));
  assert.equal(over.conversation.handler, "bot");
  assert.equal(over.conversation.handlerUntil, undefined);
});

Deno.test("makeRuleTurn() counts the cooldown down to 0 and never below", () => {
  const left = (cooldownUntil?: Date): number =>
    makeRuleTurn(makeInput({ conversation: { cooldownUntil } })).conversation.cooldownLeftMs;
  assert.equal(left(after(4_000)), 4_000);
  assert.equal(left(after(-1)), 0);
  assert.equal(left(undefined), 0);
});

Deno.test("makeRuleTurn() counts the window's last minute as closed, and a window never opened too", () => {
  const isOpen = (windowClosesAt?: Date): boolean =>
    makeRuleTurn(makeInput({ conversation: { windowClosesAt } })).conversation.windowOpen;
  assert.equal(isOpen(after(60_001)), true);
  assert.equal(isOpen(after(60_000)), false);
  assert.equal(isOpen(undefined), false);
});

Deno.test("makeRuleTurn() knows a contact's first turn and the plain values of their fields", () => {
  const turn = makeRuleTurn(makeInput({
    contact: { name: "Ada", fields: { size: { value: "M", source: "agent", at: now } }, tags: ["vip"] },
  }));
  assert.equal(turn.contact.isFirstContact, true);
  assert.deepEqual(turn.contact.fields, { size: "M" });
  assert.equal(makeRuleTurn(makeInput({ conversation: { nextTurn: 2 } })).contact.isFirstContact, false);
});

Deno.test("makeRuleTurn() tells time and opening hours in the account's zone", () => {
  const turn = makeRuleTurn(makeInput({
    settings: { timezone: "America/Mexico_City", businessHours: { tue: [{ from: "09:00", to: "18:00" }] } },
  }));
  assert.equal(turn.local.hour, 6);
  assert.deepEqual(turn.business, { open: false, opensAt: new Date("2026-11-24T15:00:00Z") });
});

Deno.test("makeRuleTurn() is plain data: it survives being copied", () => {
  const turn = makeRuleTurn(makeInput({ messages: [{ text: "hi" }], history: [{ text: "before" }] }));
  assert.deepEqual(structuredClone(turn), turn);
});
