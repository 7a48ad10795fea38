import { asksToStop, dayAndTime, defineRule, pass, silence } from "moca/rule";

/** Instagram lets a business answer for 24 hours after the contact's last message. */
export default defineRule({
  name: "reply-window",
  description: "Says nothing once Instagram's 24 hours to answer are over",
  apply: (turn) => {
    const { windowOpen, windowClosesAt } = turn.conversation;
    if (windowOpen || asksToStop(turn) !== undefined) return pass();
    if (windowClosesAt === undefined) return silence("the contact has not written yet, so Instagram lets nobody write");
    const end = dayAndTime(windowClosesAt, turn.local.timeZone);
    return silence(`Instagram's 24 hours to answer end at ${end}: from then on only a person may write`);
  },
});
