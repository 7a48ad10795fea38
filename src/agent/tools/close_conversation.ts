import { z } from "zod";
import { defineTool, turnReason } from "@/agent/tools/tool.ts";

export const closeConversation = defineTool({
  name: "close_conversation",
  description: "Marks the conversation as done once this turn has ended, until the contact writes again. It does not " +
    "end your turn: reply or stay_silent goes with it. For a goodbye with nothing left open.",
  endsTurn: false,
  schema: z.strictObject({ reason: turnReason }),
  run: () => ({ kind: "closes" }),
});
