import type { AgentRequest } from "@/agent/agent.ts";

/** Puts the account's disclosure before the first answer that the contact ever gets; leaves every other one alone. */
export function withDisclosure(texts: readonly string[], request: AgentRequest): readonly string[] {
  const disclosure = request.settings.disclosure.trim();
  const isFirst = !request.history.some(({ role }) => role === "assistant");
  const [first, ...rest] = texts;
  if (disclosure === "" || !isFirst || first === undefined) return texts;
  return [`${disclosure}\n\n${first}`, ...rest];
}
