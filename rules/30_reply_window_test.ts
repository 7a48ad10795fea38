import rule from "./30_reply_window.ts";
import { testRule } from "moca/rule";

const closed = { windowOpen: false, windowClosesAt: new Date("2026-11-24T11:00:00Z") };

Deno.test("reply-window passes while Instagram lets the bot answer", async () => {
  await testRule(rule).given({ texts: ["hi"] }).expect({ kind: "pass" });
});

Deno.test("reply-window says nothing once the 24 hours are over, and when they were", async () => {
  await testRule(rule).given({ texts: ["hi"], conversation: closed, timeZone: "America/Mexico_City" }).expect({
    kind: "silence",
    reason: "Instagram's 24 hours to answer end at Tue 24 Nov, 05:00: from then on only a person may write",
  });
});

Deno.test("reply-window says nothing to a contact who never opened the window", async () => {
  const conversation = { windowOpen: false, windowClosesAt: undefined };
  await testRule(rule).given({ texts: ["hi"], conversation }).expect({ kind: "silence" });
});

Deno.test("reply-window lets an opt-out through, so that it is heard", async () => {
  await testRule(rule).given({ texts: ["stop"], conversation: closed }).expect({ kind: "pass" });
});
