import assert from "node:assert/strict";
import { defineRule, pass, reply, type Verdict } from "@/rules/contract.ts";
import { testRule } from "@/rules/rule_tester.ts";

const echo = defineRule({
  name: "echo",
  description: "Says what was said",
  apply: ({ texts, contact }) => texts.length === 0 ? pass() : reply(texts.map((text) => `${contact.name}: ${text}`)),
});

Deno.test("testRule() agrees with what the rule answers to what was given", async () => {
  await testRule(echo).given({ texts: ["hi"], contact: { name: "Ada" } }).expect({ kind: "reply", texts: ["Ada: hi"] });
  await testRule(echo).given({}).expect({ kind: "pass" });
});

Deno.test("testRule() fails for another kind, another text and something that is no verdict", async () => {
  const said = testRule(echo).given({ texts: ["hi"], contact: { name: "Ada" } });
  await assert.rejects(said.expect({ kind: "pass" }));
  await assert.rejects(said.expect({ kind: "reply", texts: ["Eva: hi"] }));
  const odd = defineRule({ name: "odd", description: "", apply: () => "reply" as unknown as Verdict });
  await assert.rejects(testRule(odd).given({}).expect({ kind: "pass" }), /Rule "odd" answered no verdict/);
});
