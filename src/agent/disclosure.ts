import type { AgentRequest } from "@/agent/agent.ts";

/** After so long without an answer, who reads may have forgotten that a machine answers. */
const lapseMs = 7 * 24 * 3_600_000;

/**
 * Puts the account's disclosure before the first answer that the contact ever gets, and again when the chat comes back
 * from a person or after seven days without an answer. Meta asks for just that where the law does
 * (developers.facebook.com > Messenger Platform > Policy > Automated experience).
 */
export function withDisclosure(texts: readonly string[], request: AgentRequest): readonly string[] {
  const disclosure = request.settings.disclosure.trim();
  const [first, ...rest] = texts;
  if (disclosure === "" || first === undefined || knowsMachine(request)) return texts;
  return [`${disclosure}\n\n${first}`, ...rest];
}

/** The newest answer was the bot's, and not long ago. */
function knowsMachine({ history, now }: AgentRequest): boolean {
  const last = history.findLast(({ role }) => role === "assistant");
  return last !== undefined && last.author === "bot" && now.getTime() - last.at.getTime() < lapseMs;
}
