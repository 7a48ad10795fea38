import rule from "./55_ask_for_person.ts";
import { testRule } from "moca/rule";

const settings = { handOffPhrases: ["a human", "atención al cliente"] };

Deno.test("ask-for-person hands off when a phrase of the settings is said, anywhere in the burst", async () => {
  await testRule(rule).given({ texts: ["hola", "quiero ATENCION al cliente, por favor"], settings }).expect({
    kind: "handOff",
    reason: 'the contact asked for a person: "atención al cliente"',
  });
});

Deno.test("ask-for-person passes when no phrase is said, and when none is set", async () => {
  await testRule(rule).given({ texts: ["is it made for a humanoid?"], settings }).expect({ kind: "pass" });
  await testRule(rule).given({ texts: ["a human, please"] }).expect({ kind: "pass" });
});
