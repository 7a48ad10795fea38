import { z } from "zod";
import { defineTool, turnReason } from "@/agent/tools/tool.ts";

export const handOff = defineTool({
  name: "hand_off",
  description:
    "Gives the conversation to a person of the team and ends your turn. For a contact who asks for a person, " +
    "complains, or wants what you cannot know or decide. Nothing is sent to the contact.",
  endsTurn: true,
  schema: z.strictObject({ reason: turnReason }),
  run: ({ reason }) => ({ kind: "ends", decision: { kind: "handOff", reason, by: "agent" } }),
});
