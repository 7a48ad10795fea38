import rule from "./40_cooldown.ts";
import { testRule } from "moca/rule";

const cooling = {
  lastBotAt: new Date("2026-11-24T11:59:57Z"),
  cooldownUntil: new Date("2026-11-24T12:00:04Z"),
  cooldownLeftMs: 4_000,
};
const reason = "the bot answered 3 s ago; cooldown, 4 s left";

Deno.test("cooldown skips a burst inside it, in words", async () => {
  await testRule(rule).given({ texts: ["hi"], conversation: cooling }).expect({ kind: "silence", reason });
});

Deno.test("cooldown puts a burst off until it is over when that is the policy", async () => {
  await testRule(rule).given({ texts: ["hi"], conversation: cooling, settings: { cooldownPolicy: "defer" } })
    .expect({ kind: "defer", until: cooling.cooldownUntil, reason });
});

Deno.test("cooldown passes when none is on, and from the instant when it is over", async () => {
  await testRule(rule).given({ texts: ["hi"] }).expect({ kind: "pass" });
  await testRule(rule).given({ texts: ["hi"], conversation: { ...cooling, cooldownLeftMs: 0 } }).expect({
    kind: "pass",
  });
});

Deno.test("cooldown holds back neither an opt-out nor the wish for a person", async () => {
  await testRule(rule).given({ texts: ["Stop!"], conversation: cooling }).expect({ kind: "pass" });
  const settings = { handOffPhrases: ["a human"] };
  await testRule(rule).given({ texts: ["can I talk to a human?"], conversation: cooling, settings })
    .expect({ kind: "pass" });
});
