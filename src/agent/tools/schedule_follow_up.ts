import { z } from "zod";
import { addMs } from "@/conversation/due_time.ts";
import { followUpObstacle } from "@/conversation/follow_up.ts";
import { defineTool, turnReason } from "@/agent/tools/tool.ts";

/** Bytes that Instagram takes in one message. */
const messageBytes = 1_000;

const message = z.string().trim().min(1).refine(
  (text) => new TextEncoder().encode(text).length <= messageBytes,
  `is longer than ${messageBytes} bytes`,
);

export const scheduleFollowUp = defineTool({
  name: "schedule_follow_up",
  description: "Plans one message for later today or tomorrow. It does not end your turn. For something that the " +
    "contact asked to be reminded of, or to ask once again when they stay silent. Never to press them.",
  endsTurn: false,
  schema: z.strictObject({
    in_minutes: z.int().min(5).max(1_435).describe("How long from now"),
    message: message.describe("The text that will be sent then"),
    even_if_they_write: z.boolean().describe("true: a reminder they asked for · false: dropped once they write again"),
    reason: turnReason,
  }),
  run: (
    { in_minutes: minutes, message: text, even_if_they_write: evenIfAnswered, reason },
    { now, windowClosesAt },
  ) => {
    const plan = { at: addMs(now, minutes * 60_000), text, by: "agent", why: reason, evenIfAnswered };
    const problem = followUpObstacle({ windowClosesAt }, plan);
    return problem === undefined ? { kind: "planned", plan } : { kind: "refused", problem };
  },
});
