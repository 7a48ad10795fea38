import assert from "node:assert/strict";
import { newAggregate } from "@/conversation/aggregate.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { type CheckInput, checkTurn } from "@/debounce/checks.ts";
import type { Debounce, Message } from "@/store/records.ts";

const now = new Date("2026-11-24T12:00:00Z");

const message: Message = {
  id: "1:msg:a",
  accountId: "1",
  conversationId: "1_2",
  role: "user",
  author: "contact",
  kind: "text",
  text: "hola",
  attachments: [],
  standby: false,
  test: false,
  at: now,
  receivedAt: now,
  source: "webhook",
};

function inputWith(changes: Partial<CheckInput> & { debounce?: Partial<Debounce> } = {}): CheckInput {
  const { debounce, ...rest } = changes;
  const aggregate = newAggregate({ accountId: "1", psid: "2" }, now);
  return {
    aggregate: { ...aggregate, debounce: { ...aggregate.debounce, attempts: 1, ...debounce } },
    messages: [message],
    settings: defaultSettings,
    turnsThisHour: 0,
    ...rest,
  };
}

Deno.test("checkTurn() lets an ordinary burst through and leaves a line for every check", () => {
  const { checks, decision } = checkTurn(inputWith());
  assert.equal(decision, undefined);
  assert.ok(checks.length >= 8);
  assert.deepEqual(checks.filter(({ passed, detail }) => !passed || detail === ""), []);
});

Deno.test("checkTurn() is silent while the bot is switched off", () => {
  const { decision } = checkTurn(inputWith({ settings: { ...defaultSettings, botEnabled: false } }));
  assert.deepEqual(decision, { kind: "silence", reason: "the bot is switched off", by: "core" });
});

Deno.test("checkTurn() is silent to what another app, a test event or an unsent message brings", () => {
  for (const part of [{ standby: true }, { test: true }, { unsentAt: now }]) {
    assert.equal(checkTurn(inputWith({ messages: [{ ...message, ...part }] })).decision?.kind, "silence");
  }
});

Deno.test("checkTurn() decides when only part of a burst was unsent", () => {
  const messages = [message, { ...message, id: "1:msg:b", unsentAt: now }];
  assert.equal(checkTurn(inputWith({ messages })).decision, undefined);
});

Deno.test("checkTurn() asks for a person after five tries, twenty deferrals or too many turns an hour (C18)", () => {
  const deferral = { until: now, reason: "closed", by: "rule:hours", count: 21 };
  for (
    const input of [
      inputWith({ debounce: { attempts: 6 } }),
      inputWith({ debounce: { deferral } }),
      inputWith({ turnsThisHour: defaultSettings.maxTurnsPerHour }),
    ]
  ) assert.equal(checkTurn(input).decision?.kind, "handOff");
});

Deno.test("checkTurn() stops at the first check that fails, which is the last line", () => {
  const { checks } = checkTurn(inputWith({ settings: { ...defaultSettings, botEnabled: false } }));
  assert.equal(checks.length, 1);
  assert.equal(checks[0]?.passed, false);
});
