import type { Settings } from "@/conversation/settings.ts";
import { businessAt } from "@/rules/business_hours.ts";
import type { RuleContact, RuleTurn } from "@/rules/contract.ts";
import { localTime } from "@/rules/local_time.ts";
import { ruleSettings } from "@/rules/rule_settings.ts";
import { historyBefore, ruleMessage } from "@/rules/rule_turn.ts";
import type { Contact, Fact, Message, RuleSituation, Turn } from "@/store/records.ts";

/** A turn of the past, with what was said in and before it. */
export interface PastTurn {
  readonly turn: Omit<Turn, "agent">;
  readonly situation: RuleSituation;
  /** The burst, as far as it is still kept, oldest first. */
  readonly messages: readonly Message[];
  /** What came before it, oldest first. */
  readonly history: readonly Message[];
  readonly contact: Contact;
}

/**
 * The turn as the rules saw it then. Messages are as they are now (edited, taken back), and so are name and settings;
 * of what is known about the contact, what was known then.
 */
export function pastRuleTurn({ turn, situation, messages, history, contact }: PastTurn, settings: Settings): RuleTurn {
  const { at } = situation;
  const burst = messages.map((message) => ruleMessage(message, turn.id));
  return {
    texts: burst.map(({ text }) => text).filter((text) => text.trim() !== ""),
    messages: burst,
    contact: contactThen(contact, situation),
    conversation: situation.conversation,
    history: historyBefore(messages, history).map((message) => ruleMessage(message, turn.id)),
    now: at,
    local: localTime(at, settings.timezone),
    business: businessAt(settings.businessHours, settings.timezone, at),
    settings: ruleSettings(settings),
  };
}

function contactThen({ username, name, fields }: Contact, { at, contact }: RuleSituation): RuleContact {
  const known = Object.entries(fields).flatMap(([field, fact]) => {
    const value = valueAt(fact, at);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...(username === undefined ? {} : { username }),
    ...(name === undefined ? {} : { name }),
    fields: Object.fromEntries(known),
    ...contact,
  };
}

function valueAt(fact: Fact, at: Date): string | undefined {
  return fact.at < at ? fact.value : fact.previous;
}
