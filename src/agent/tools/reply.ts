import { z } from "zod";
import { defineTool } from "@/agent/tools/tool.ts";

export const reply = defineTool({
  name: "reply",
  description: "Answers the contact and ends your turn. Plain text only. Each message may have 1,000 bytes at most; " +
    "one message is usual, several are sent one after the other.",
  endsTurn: true,
  schema: z.strictObject({
    messages: z.array(z.string().trim().min(1)).min(1).max(4).describe("The texts to send, in order"),
    topic: z.string().trim().max(60).optional().describe("Which of the listed topics the answer is about, if any"),
  }),
  run: ({ messages, topic = "" }, { settings }) => {
    const topics = settings.topics.map(({ name }) => name).filter((name) => name.toLowerCase() === topic.toLowerCase());
    const reason = messages.length === 1 ? "the agent answered" : `the agent answered in ${messages.length} messages`;
    return { kind: "ends", decision: { kind: "reply", texts: messages, reason, by: "agent" }, topics };
  },
});
