import assert from "node:assert/strict";
import { differs, type RuleVerdict, verdictNow, verdictThen } from "@/rules/rewind/compare.ts";
import type { RuleTrace, TurnOutcome } from "@/store/records.ts";

const passed: RuleTrace = { rule: "dedup", verdict: "pass", reason: "", ms: 1 };
const replied: RuleTrace = { rule: "prices", verdict: "reply", reason: 'it says "price"', ms: 1 };
const outcome: TurnOutcome = { kind: "replied", by: "rule:prices", reason: "", texts: ["From $20."] };

const reply = (...texts: readonly string[]): RuleVerdict => ({ kind: "reply", rule: "any", texts, reason: "" });
const pass: RuleVerdict = { kind: "pass", texts: [], reason: "" };

Deno.test("verdictThen() reads the winner and its words from the trace", () => {
  assert.deepEqual(verdictThen({ rules: [passed, replied], outcome }), {
    kind: "reply",
    rule: "prices",
    texts: ["From $20."],
    reason: 'it says "price"',
  });
});

Deno.test("verdictThen() is a pass when every rule passed or failed, whatever the agent said", () => {
  const broken: RuleTrace = { ...passed, verdict: "error" };
  for (const rules of [[], [passed], [passed, broken]]) {
    assert.equal(verdictThen({ rules, outcome: { ...outcome, by: "agent" } }).kind, "pass");
  }
});

Deno.test("verdictThen() knows no words of a reply that was not queued after all", () => {
  const then = verdictThen({ rules: [replied], outcome: { ...outcome, kind: "silent", by: "core", texts: [] } });
  assert.deepEqual([then.kind, then.texts], ["reply", []]);
  assert.equal(differs(then, reply("anything")), false);
});

Deno.test("differs() is about what the contact gets: the verdict and the words, not who gave them", () => {
  assert.equal(differs(reply("a"), { ...reply("a"), rule: "other", reason: "why" }), false);
  assert.equal(differs(reply("a"), reply("b")), true);
  assert.equal(differs(reply("a"), reply("a", "b")), true);
  assert.equal(differs(pass, reply("a")), true);
  assert.equal(differs(pass, verdictNow({ kind: "pass", reason: "other words" }, undefined)), false);
});
