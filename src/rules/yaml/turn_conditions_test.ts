import assert from "node:assert/strict";
import { type SampleTurn, sampleTurn } from "@/rules/sample_turn.ts";
import { matchSchema } from "@/rules/yaml/match_schema.ts";
import { turnObstacle } from "@/rules/yaml/turn_conditions.ts";

interface Case {
  readonly match: Readonly<Record<string, unknown>>;
  readonly turn?: SampleTurn;
  /** Absent: it holds. */
  readonly why?: string;
}

const vip: SampleTurn = { contact: { tags: ["VIP", "wholesale"] } };
const medium: SampleTurn = { contact: { fields: { size: "M", city: " " } } };
const first: SampleTurn = { contact: { isFirstContact: true } };

const cases: readonly Case[] = [
  { match: { firstContact: true }, turn: first },
  { match: { firstContact: true }, why: "the contact has written before" },
  { match: { firstContact: false } },
  { match: { firstContact: false }, turn: first, why: "the contact writes for the first time" },
  { match: { tagged: "vip" }, turn: vip },
  { match: { tagged: ["press", "wholesale"] }, turn: vip },
  { match: { tagged: ["press", "friend"] }, turn: vip, why: "the contact is not tagged press, friend" },
  { match: { notTagged: "press" }, turn: vip },
  { match: { notTagged: ["press", "vip"] }, turn: vip, why: "the contact is tagged vip" },
  { match: { fields: { size: "m" } }, turn: medium },
  { match: { fields: { size: ["S", "M"] } }, turn: medium },
  { match: { fields: { size: true, email: false, city: false } }, turn: medium },
  { match: { fields: { size: "L" } }, turn: medium, why: "the contact's size is not L" },
  { match: { fields: { email: true } }, turn: medium, why: "the contact's email is not known" },
  { match: { fields: { email: "a@b.c" } }, turn: medium, why: "the contact's email is not known" },
  { match: { fields: { size: false } }, turn: medium, why: "the contact's size is known" },
  { match: { fields: { toString: true } }, turn: medium, why: "the contact's toString is not known" },
  { match: { language: "es", firstContact: true }, why: "the language is en, not es" },
];

for (const { match, turn = {}, why } of cases) {
  const given = JSON.stringify(turn.contact ?? {});
  Deno.test(`the condition ${JSON.stringify(match)} ${why === undefined ? "holds" : "does not hold"} for ${given}`, () => {
    assert.equal(turnObstacle(matchSchema.parse(match), sampleTurn({ texts: ["hi"], ...turn })), why);
  });
}
