import { asksToStop, defineRule, pass, silence } from "moca/rule";

/** A contact who says stop is not written to by the bot, now and later. */
export default defineRule({
  name: "opt-out",
  description: "Stops for good when the contact says stop and nothing else",
  apply: (turn) => {
    if (turn.contact.optOut) return silence("the contact asked earlier not to be written to");
    const word = asksToStop(turn);
    if (word === undefined) return pass();
    return { kind: "silence", reason: `the contact asked not to be written to: "${word}"`, optOut: true };
  },
});
