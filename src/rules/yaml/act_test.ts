import assert from "node:assert/strict";
import type { Verdict } from "@/rules/contract.ts";
import { type SampleTurn, sampleTurn } from "@/rules/sample_turn.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";

const noon = new Date("2026-11-24T12:00:00Z");

async function decide(action: string, turn: SampleTurn = {}): Promise<Verdict> {
  const content = loadYamlRules("70_test.yaml", `name: a\nmatch: { any: [hi] }\n${action}\n`);
  if (content.kind === "broken") assert.fail(content.faults[0].reason);
  return await content.rules[0].rule.apply(sampleTurn({ texts: ["hi"], ...turn }));
}

function faultOf(action: string): string {
  const content = loadYamlRules("70_test.yaml", `name: a\nmatch: { any: [hi] }\n${action}\n`);
  return content.kind === "broken" ? content.faults[0].reason : "";
}

async function textsOf(action: string, said: readonly string[]): Promise<readonly string[]> {
  const history = said.map((text) => ({ role: "assistant" as const, text }));
  const verdict = await decide(action, { history, contact: { name: "Ada" } });
  return verdict.kind === "reply" ? verdict.texts : [];
}

Deno.test("oneOf says its variants in turn, and none again before all were said", async () => {
  const reply = `reply: { oneOf: ["One, {{name}}", [Two, more], Three] }`;
  assert.deepEqual(await textsOf(reply, []), ["One, Ada"]);
  assert.deepEqual(await textsOf(reply, ["One, Ada"]), ["Two", "more"]);
  assert.deepEqual(await textsOf(reply, ["One, Ada", "Two", "more", "something else"]), ["Three"]);
  assert.deepEqual(await textsOf(reply, ["One, Ada", "Two", "more", "Three"]), ["One, Ada"]);
});

Deno.test("quickReplies go out with the reply, and only with one", async () => {
  const verdict = await decide("reply: Which?\nquickReplies: [Small, Large]");
  assert.deepEqual(verdict.kind === "reply" && verdict.quickReplies, ["Small", "Large"]);
  assert.match(faultOf("silence: no\nquickReplies: [a]"), /quickReplies go with a reply/);
  assert.match(faultOf(`reply: x\nquickReplies: ["${"x".repeat(21)}"]`), /at most 20 characters/);
  assert.match(faultOf(`reply: x\nquickReplies: [${Array.from({ length: 14 }, (_, n) => `a${n}`)}]`), /13/);
});

Deno.test("followUp plans a text after some hours, or for a time of the clock", async () => {
  const inHours = await decide('reply: ok\nfollowUp: { in: 20h, text: "Still there, {{name|friend}}?" }');
  assert.deepEqual(inHours.kind === "reply" && inHours.followUps, [
    { at: new Date(noon.getTime() + 20 * 3_600_000), text: "Still there, friend?", evenIfAnswered: false },
  ]);
  const atTen = await decide('followUp: { at: "10:00", text: Good morning, evenIfAnswered: true }', {
    timeZone: "America/Mexico_City",
  });
  assert.deepEqual(atTen.kind === "pass" && atTen.followUps, [
    { at: new Date("2026-11-24T16:00:00Z"), text: "Good morning", evenIfAnswered: true },
  ]);
});

Deno.test("followUp is refused with handOff, with defer, without a unit, and with a misspelt variable", () => {
  assert.match(faultOf("handOff: x\nfollowUp: { in: 2h, text: x }"), /would be cancelled at once/);
  assert.match(faultOf("defer: { for: 5m }\nfollowUp: { in: 2h, text: x }"), /decides nothing yet/);
  assert.match(faultOf("followUp: { in: 2, text: x }"), /followUp/);
  assert.match(faultOf("followUp: { in: 200h, text: x }"), /7 days/);
  assert.match(faultOf('followUp: { in: 2h, text: "{{nmae}}" }'), /followUp does not know \{\{nmae\}\}/);
});

Deno.test("defer looks again after some time, at a time of the clock, or when the business opens, and does so once", async () => {
  const opensAt = new Date("2026-11-25T09:00:00Z");
  const closed: SampleTurn = { business: { open: false, opensAt } };
  assert.deepEqual(await decide("defer: { for: 30m, reason: a break }"), {
    kind: "defer",
    until: new Date("2026-11-24T12:30:00Z"),
    reason: "a break",
  });
  assert.deepEqual(await decide('defer: { until: "09:00" }'), {
    kind: "defer",
    until: opensAt,
    reason: 'it says "hi"',
  });
  assert.equal((await decide("defer: { until: open }", closed)).kind, "defer");
  assert.deepEqual(await decide("defer: { until: open }"), { kind: "pass", reason: "the business is open" });
  const again = await decide("defer: { until: open }", { ...closed, conversation: { deferredBy: "a" } });
  assert.deepEqual(again, { kind: "pass", reason: "it put this off once already" });
});
