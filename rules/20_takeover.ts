import { asksToStop, dayAndTime, defineRule, pass, type RuleConversation, silence } from "moca/rule";

/** While a person has the conversation, the bot keeps out of it. An opt-out is heard all the same. */
export default defineRule({
  name: "takeover",
  description: "Says nothing while a person has the conversation",
  apply: (turn) => {
    if (asksToStop(turn) !== undefined) return pass("the contact asks to stop: a later rule hears that");
    if (turn.contact.neverBot) return silence("the bot never answers this contact: that is how it was set");
    if (turn.conversation.handler === "bot") return pass();
    return silence(takeoverWords(turn.conversation, turn.local.timeZone));
  },
});

function takeoverWords({ handlerUntil, handlerReason }: RuleConversation, timeZone: string): string {
  const words = handlerUntil === undefined
    ? "a person has the conversation"
    : `a person has the conversation until ${dayAndTime(handlerUntil, timeZone)}`;
  return handlerReason === undefined ? words : `${words}: ${handlerReason}`;
}
