import { z } from "zod";
import { defineTool, turnReason } from "@/agent/tools/tool.ts";

export const staySilent = defineTool({
  name: "stay_silent",
  description:
    "Sends nothing and ends your turn. For a burst that wants no answer, such as a lone 'ok' or a thumbs up.",
  endsTurn: true,
  schema: z.strictObject({ reason: turnReason }),
  run: ({ reason }) => ({ kind: "ends", decision: { kind: "silence", reason, by: "agent" } }),
});
