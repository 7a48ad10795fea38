import rule from "./60_business_hours.ts";
import { testRule } from "moca/rule";

Deno.test("business-hours passes, open or closed, and notes which", async () => {
  await testRule(rule).given({ texts: ["hi"] }).expect({ kind: "pass", reason: "the business is open" });
  const opensAt = new Date("2026-11-25T08:00:00Z");
  await testRule(rule).given({ texts: ["hi"], business: { open: false, opensAt }, timeZone: "Europe/Madrid" }).expect({
    kind: "pass",
    reason: "the business is closed until Wed 25 Nov, 09:00; the bot answers",
  });
  await testRule(rule).given({ texts: ["hi"], business: { open: false } }).expect({
    kind: "pass",
    reason: "the business is closed, without a next opening; the bot answers",
  });
});
