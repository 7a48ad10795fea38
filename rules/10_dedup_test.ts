import rule from "./10_dedup.ts";
import { testRule } from "moca/rule";

const answered = { text: "hi", answered: true };

Deno.test("dedup says nothing when every message of the burst was answered already", async () => {
  const reason = "every message of this burst was answered already";
  await testRule(rule).given({ messages: [answered, answered] }).expect({ kind: "silence", reason });
});

Deno.test("dedup passes as soon as one message is new, and when there is none", async () => {
  await testRule(rule).given({ messages: [answered, { text: "and this?" }] }).expect({ kind: "pass" });
  await testRule(rule).given({ messages: [] }).expect({ kind: "pass" });
});

Deno.test("dedup passes when a contact says the same thing again: that is a new message", async () => {
  await testRule(rule).given({ texts: ["hi"], history: [{ text: "hi", answered: true }] }).expect({ kind: "pass" });
});
