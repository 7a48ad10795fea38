import type { Message } from "@/store/records.ts";
import type { AgentRequest } from "@/agent/agent.ts";
import { linksIn } from "@/agent/links.ts";
import type { GateContext } from "@/agent/output_gate.ts";

/**
 * What an answer to this request is held against. Links of persona and knowledge may be written; so may the
 * e-mail addresses that the contact gave, to be confirmed.
 */
export function gateContext(request: AgentRequest, canary: string): GateContext {
  const { settings, messages, history } = request;
  const own = linksIn(`${settings.persona}\n${settings.knowledge}`);
  const contacts = [...history, ...messages].filter(({ role }) => role === "user").map(({ text }) => text ?? "");
  const addresses = linksIn(contacts.join("\n")).filter((link) => link.startsWith("mailto:"));
  return { allowedLinks: [...own, ...addresses], canary, lastAnswer: lastAnswer(history) };
}

/** The bot's newest answer in the history, all of its parts. */
function lastAnswer(history: readonly Message[]): string | undefined {
  const last = history.findLast(({ author }) => author === "bot");
  if (last === undefined) return undefined;
  const parts = last.turnId === undefined
    ? [last]
    : history.filter(({ author, turnId }) => author === "bot" && turnId === last.turnId);
  return parts.map(({ text }) => text ?? "").join("\n");
}
