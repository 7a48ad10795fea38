import assert from "node:assert/strict";
import { newAggregate } from "@/conversation/aggregate.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { pastRuleTurn, type PastTurn } from "@/rules/rewind/past_turn.ts";
import { makeRuleTurn, situationOf } from "@/rules/rule_turn.ts";
import type { Contact, Message, Turn } from "@/store/records.ts";

const noon = new Date("2026-11-24T12:00:00Z");
const after = (ms: number): Date => new Date(noon.getTime() + ms);

const message: Message = {
  id: "shop:msg:m1",
  accountId: "shop",
  conversationId: "shop_ada",
  role: "user",
  author: "contact",
  kind: "text",
  text: "hi",
  attachments: [],
  standby: false,
  test: false,
  at: noon,
  receivedAt: noon,
  source: "webhook",
};

const aggregate = newAggregate({ accountId: "shop", psid: "ada" }, noon);
const live = makeRuleTurn({
  aggregate,
  messages: [message],
  history: [],
  settings: defaultSettings,
  now: after(4_000),
});

function past(contact: Partial<Contact> = {}): PastTurn {
  const turn = { id: "shop_ada_t1" } as Omit<Turn, "agent">;
  const messages = [{ ...message, turnId: turn.id }];
  return { turn, situation: situationOf(live), messages, history: [], contact: { ...aggregate.contact, ...contact } };
}

Deno.test("pastRuleTurn() is the turn as the rules saw it when it was decided", () => {
  assert.deepEqual(pastRuleTurn(past(), defaultSettings), live);
});

Deno.test("pastRuleTurn() keeps tags and opt-out as they were, though they are other now", () => {
  const { contact } = pastRuleTurn(past({ tags: ["vip"], optOut: true }), defaultSettings);
  assert.deepEqual([contact.tags, contact.optOut], [[], false]);
});

Deno.test("pastRuleTurn() knows of a field what was known then", () => {
  const fact = { source: "rule", value: "new" } as const;
  const fields = {
    early: { ...fact, at: noon },
    changed: { ...fact, at: after(5_000), previous: "old" },
    late: { ...fact, at: after(5_000) },
  };
  const { contact } = pastRuleTurn(past({ fields }), defaultSettings);
  assert.deepEqual(contact.fields, { early: "new", changed: "old" });
});

Deno.test("pastRuleTurn() tells the hour of then by today's opening hours", () => {
  const settings = { ...defaultSettings, businessHours: { tue: [{ from: "14:00", to: "18:00" }] } };
  assert.equal(pastRuleTurn(past(), settings).business.open, false);
});
