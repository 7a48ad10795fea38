import rule from "./20_takeover.ts";
import { testRule } from "moca/rule";

const held = {
  handler: "person",
  handlerUntil: new Date("2026-11-24T22:30:00Z"),
  handlerReason: "someone answered in the Instagram app",
} as const;

Deno.test("takeover says nothing while a person has the conversation, and until when and why", async () => {
  await testRule(rule).given({ texts: ["hi"], conversation: held, timeZone: "Europe/Madrid" }).expect({
    kind: "silence",
    reason: "a person has the conversation until Tue 24 Nov, 23:30: someone answered in the Instagram app",
  });
});

Deno.test("takeover passes while the bot has the conversation", async () => {
  await testRule(rule).given({ texts: ["hi"] }).expect({ kind: "pass" });
});

Deno.test("takeover says nothing to a contact whom the bot never answers", async () => {
  await testRule(rule).given({ texts: ["hi"], contact: { neverBot: true } }).expect({
    kind: "silence",
    reason: "the bot never answers this contact: that is how it was set",
  });
});

Deno.test("takeover lets an opt-out through, so that it is heard", async () => {
  await testRule(rule).given({ texts: ["STOP"], conversation: held }).expect({ kind: "pass" });
});
