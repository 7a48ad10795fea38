import type { Aggregate } from "@/conversation/aggregate.ts";
import { isContent } from "@/conversation/event.ts";
import { handlerAt } from "@/conversation/handler.ts";
import type { Settings } from "@/conversation/settings.ts";
import { turnId } from "@/conversation/turn.ts";
import { botMaySend } from "@/conversation/window.ts";
import { businessAt } from "@/rules/business_hours.ts";
import type { RuleContact, RuleConversation, RuleMessage, RuleTurn } from "@/rules/contract.ts";
import { localTime } from "@/rules/local_time.ts";
import { ruleSettings } from "@/rules/rule_settings.ts";
import type { Message, RuleSituation } from "@/store/records.ts";

/** Messages before the burst that rules may look at. */
const historyLimit = 20;

export interface RuleTurnInput {
  readonly aggregate: Aggregate;
  /** The burst, oldest first. */
  readonly messages: readonly Message[];
  /** What came before it, oldest first; only the newest 20 are used. */
  readonly history: readonly Message[];
  readonly settings: Settings;
  readonly now: Date;
}

/** What rules may know about a burst: plain data, taken from the store's rows. */
export function makeRuleTurn({ aggregate, messages, history, settings, now }: RuleTurnInput): RuleTurn {
  const currentTurn = turnId(aggregate.conversation.id, aggregate.conversation.nextTurn);
  const burst = messages.map((message) => ruleMessage(message, currentTurn));
  return {
    texts: burst.map(({ text }) => text).filter((text) => text.trim() !== ""),
    messages: burst,
    contact: ruleContact(aggregate),
    conversation: ruleConversation(aggregate, now),
    history: historyBefore(messages, history).map((message) => ruleMessage(message, currentTurn)),
    now,
    local: localTime(now, settings.timezone),
    business: businessAt(settings.businessHours, settings.timezone, now),
    settings: ruleSettings(settings),
  };
}

/** The newest messages before the burst that rules may look at. */
export function historyBefore(burst: readonly Message[], history: readonly Message[]): readonly Message[] {
  const inBurst = new Set(burst.map(({ id }) => id));
  return history.filter(({ id, kind }) => !inBurst.has(id) && isContent(kind)).slice(-historyLimit);
}

/** What is kept of a turn, so that other rules can be tried on it. */
export function situationOf({ now, contact, conversation }: RuleTurn): RuleSituation {
  const { tags, optOut, neverBot, isFirstContact } = contact;
  return { at: now, contact: { tags, optOut, neverBot, isFirstContact }, conversation };
}

/**
 * A turn that was pulled back leaves its id on its messages, and its number is given out again: only the id
 * of an earlier turn says that a message is answered.
 */
export function ruleMessage(message: Message, currentTurn: string): RuleMessage {
  const { role, kind, text = "", attachments, payload, at, turnId } = message;
  return {
    role,
    kind,
    text,
    attachments: attachments.map(({ type }) => type),
    ...(payload === undefined ? {} : { payload }),
    at,
    answered: turnId !== undefined && turnId !== currentTurn,
  };
}

function ruleContact({ contact, conversation }: Aggregate): RuleContact {
  const { username, name, fields, tags, optOut, neverBot } = contact;
  return {
    ...(username === undefined ? {} : { username }),
    ...(name === undefined ? {} : { name }),
    fields: Object.fromEntries(Object.entries(fields).map(([field, { value }]) => [field, value])),
    tags,
    optOut,
    neverBot,
    isFirstContact: conversation.nextTurn === 1,
  };
}

function ruleConversation({ conversation, debounce }: Aggregate, now: Date): RuleConversation {
  const { windowClosesAt, cooldownUntil, lastBotAt } = conversation;
  const handler = handlerAt(conversation, now);
  const deferredBy = /^rule:(.*)$/s.exec(debounce.deferral?.by ?? "")?.[1];
  return {
    handler: handler.kind,
    ...(handler.kind === "person" ? { handlerUntil: handler.until, handlerReason: handler.reason } : {}),
    ...(windowClosesAt === undefined ? {} : { windowClosesAt }),
    windowOpen: botMaySend(conversation, now),
    ...(cooldownUntil === undefined ? {} : { cooldownUntil }),
    cooldownLeftMs: Math.max(0, (cooldownUntil?.getTime() ?? 0) - now.getTime()),
    ...(lastBotAt === undefined ? {} : { lastBotAt }),
    deferrals: debounce.deferral?.count ?? 0,
    ...(deferredBy === undefined ? {} : { deferredBy }),
  };
}
