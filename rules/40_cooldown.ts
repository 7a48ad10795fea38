import { asksForPerson, asksToStop, defer, defineRule, pass, type RuleTurn, silence } from "moca/rule";

/**
 * Right after an answer of the bot's, the next burst gets no second one, or gets it when the pause is over.
 * Who asks to stop or for a person is heard at once.
 */
export default defineRule({
  name: "cooldown",
  description: "Keeps a pause between two answers of the bot",
  apply: (turn) => {
    const { cooldownLeftMs, cooldownUntil } = turn.conversation;
    if (cooldownLeftMs <= 0 || cooldownUntil === undefined) return pass();
    if (asksToStop(turn) !== undefined || asksForPerson(turn) !== undefined) {
      return pass("the contact asks to stop or for a person: that does not wait");
    }
    const reason = cooldownWords(turn);
    return turn.settings.cooldownPolicy === "defer" ? defer(cooldownUntil, reason) : silence(reason);
  },
});

function cooldownWords({ conversation, now }: RuleTurn): string {
  const { lastBotAt, cooldownLeftMs } = conversation;
  const left = seconds(cooldownLeftMs);
  if (lastBotAt === undefined) return `the bot answered just now; cooldown, ${left} left`;
  return `the bot answered ${seconds(now.getTime() - lastBotAt.getTime())} ago; cooldown, ${left} left`;
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.ceil(ms / 1_000))} s`;
}
