import type { Message } from "@/store/records.ts";
import type { AgentRequest } from "@/agent/agent.ts";
import { isBotsAnswer } from "@/agent/history.ts";
import { languageOf } from "@/agent/language.ts";
import { linksIn } from "@/agent/links.ts";
import type { GateContext } from "@/agent/output_gate.ts";

/**
 * What an answer to this request is held against. Links of persona and knowledge, and of what was found in the
 * documents, may be written; so may the
 * e-mail addresses that the contact gave, to be confirmed.
 */
export function gateContext(
  request: AgentRequest,
  { canary, found = [] }: { readonly canary: string; readonly found?: readonly string[] },
): GateContext {
  const { settings, messages, history } = request;
  const own = linksIn([settings.persona, settings.knowledge, ...settings.allowedLinks, ...found].join("\n"));
  const contacts = [...history, ...messages].filter(({ role }) => role === "user").map(({ text }) => text ?? "");
  const addresses = linksIn(contacts.join("\n")).filter((link) => link.startsWith("mailto:"));
  return {
    allowedLinks: [...own, ...addresses],
    canary,
    forbiddenPhrases: settings.forbiddenPhrases,
    languages: languagesOf(request),
    lastAnswer: lastAnswer(history),
  };
}

const byName: Readonly<Record<string, RegExp>> = {
  en: /\b(english|ingl[eé]s)\b/i,
  es: /\b(spanish|espa[nñ]ol|castellano)\b/i,
  fr: /\b(french|franc[eé]s|fran[cç]ais)\b/i,
  pt: /\b(portugu[eê]se?|portugu[eé]s)\b/i,
  de: /\b(german|alem[aá]n|deutsch)\b/i,
  it: /\b(italiano?)\b/i,
};

/** Those that the contact writes in, named, or is known to speak; none when the burst does not tell its own. */
function languagesOf({ messages, history, contact }: AgentRequest): readonly string[] {
  const burst = textOf(messages);
  const own = languageOf(burst);
  if (own === undefined) return [];
  const earlier = languageOf(textOf(history.filter(({ role }) => role === "user")));
  const known = contact.fields["language"]?.value.slice(0, 2);
  const named = Object.keys(byName).filter((language) => byName[language]?.test(burst));
  return [...new Set([own, earlier, known, ...named].filter((language) => language !== undefined))];
}

function textOf(messages: readonly Message[]): string {
  return messages.map(({ text }) => text ?? "").join("\n");
}

/** The bot's newest answer in the history, all of its parts. */
function lastAnswer(history: readonly Message[]): string | undefined {
  const last = history.findLast(isBotsAnswer);
  if (last === undefined) return undefined;
  const parts = last.turnId === undefined
    ? [last]
    : history.filter((message) => isBotsAnswer(message) && message.turnId === last.turnId);
  return parts.map(({ text }) => text ?? "").join("\n");
}
