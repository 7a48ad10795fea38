import { closeConversation } from "@/agent/tools/close_conversation.ts";
import { handOff } from "@/agent/tools/hand_off.ts";
import { reply } from "@/agent/tools/reply.ts";
import { scheduleFollowUp } from "@/agent/tools/schedule_follow_up.ts";
import { searchKnowledge } from "@/agent/tools/search_knowledge.ts";
import { staySilent } from "@/agent/tools/stay_silent.ts";
import type { AgentTool } from "@/agent/tools/tool.ts";
import { updateContact } from "@/agent/tools/update_contact.ts";

/** Everything that the model may ask for. */
export const agentTools: readonly AgentTool[] = [
  reply,
  staySilent,
  handOff,
  updateContact,
  searchKnowledge,
  scheduleFollowUp,
  closeConversation,
];
