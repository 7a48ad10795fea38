import type { Settings } from "@/conversation/settings.ts";
import type { Decision } from "@/conversation/turn.ts";
import { asksToStop } from "@/rules/requests.ts";
import type { Check, Message } from "@/store/records.ts";

/**
 * The opt-out word that one of the contact's messages consists of; undefined when there is none. Who asks to stop is
 * heard whatever the rule files say, whoever has the conversation, and with the bot off: it is their right, not a rule.
 */
export function heardStop(messages: readonly Message[], settings: Settings): string | undefined {
  const meant = messages.filter(({ test, unsentAt }) => !test && unsentAt === undefined);
  return asksToStop({ texts: meant.flatMap(({ text }) => text ?? []), settings });
}

/** Nothing is said any more, not even goodbye; a person whom a rule asked for is asked for all the same. */
export function stopDecision(word: string, byRule?: Decision): Decision {
  return byRule?.kind === "handOff" ? byRule : { kind: "silence", reason: reasonOf(word), by: "core" };
}

/** Says that it was heard, where something else decided. */
export function stopCheck(word: string): Check {
  return { name: "opt-out", passed: false, detail: reasonOf(word) };
}

function reasonOf(word: string): string {
  return `the contact asked not to be written to: "${word}"`;
}
