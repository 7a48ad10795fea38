import { dayAndTime, defineRule, pass } from "moca/rule";

/**
 * Notes in the trace whether the business is open; the next rules and the agent answer either way. To answer
 * something else while it is closed, add a keyword rule with `hours: closed` behind this one.
 */
export default defineRule({
  name: "business-hours",
  description: "Notes whether the business is open; answers go on while it is closed",
  apply: ({ business, local }) => {
    if (business.open) return pass("the business is open");
    if (business.opensAt === undefined) return pass("the business is closed, without a next opening; the bot answers");
    const opens = dayAndTime(business.opensAt, local.timeZone);
    return pass(`the business is closed until ${opens}; the bot answers`);
  },
});
