import { asksForPerson, defineRule, handOff, pass } from "moca/rule";

/** Who asks for a person gets one. */
export default defineRule({
  name: "ask-for-person",
  description: "Gives the conversation to a person when the contact asks for one",
  apply: (turn) => {
    const phrase = asksForPerson(turn);
    return phrase === undefined ? pass() : handOff(`the contact asked for a person: "${phrase}"`);
  },
});
