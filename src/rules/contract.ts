/**
 * The contract of a rule file, imported as `moca/rule`. A rule looks at a turn and answers a verdict; it
 * never acts. The first verdict other than `pass` wins, in order of the file names.
 *
 * @example
 * ```ts
 * import { defineRule, pass, reply } from "moca/rule";
 *
 * export default defineRule({
 *   name: "prices",
 *   description: "Answers what things cost",
 *   apply: ({ texts }) => texts.some((text) => /\bprice\b/i.test(text)) ? reply("From $20.") : pass(),
 * });
 * ```
 */

/** What a rule decides. `reason` is read by people, in the timeline and in the trace. */
export type Verdict =
  | { readonly kind: "pass"; readonly reason?: string; readonly tags?: readonly string[]; readonly fields?: Fields }
  | {
    readonly kind: "reply";
    /** One message each. */
    readonly texts: readonly string[];
    readonly reason?: string;
    readonly tags?: readonly string[];
    readonly fields?: Fields;
  }
  | {
    readonly kind: "silence";
    readonly reason: string;
    readonly tags?: readonly string[];
    readonly fields?: Fields;
    readonly optOut?: boolean;
  }
  | { readonly kind: "handOff"; readonly reason: string; readonly tags?: readonly string[]; readonly fields?: Fields }
  /** Looks at the burst again at `until`; at most 20 times. */
  | { readonly kind: "defer"; readonly until: Date; readonly reason: string };

/** Contact fields to write, by name. */
export type Fields = Readonly<Record<string, string>>;

/** Everything that a rule may know about the burst at hand. Plain data: changing it changes nothing. */
export interface RuleTurn {
  /** What the contact wrote in this burst, oldest first; without messages that have no text. */
  readonly texts: readonly string[];
  /** Every message of the burst, oldest first. */
  readonly messages: readonly RuleMessage[];
  readonly contact: RuleContact;
  readonly conversation: RuleConversation;
  /** Up to 20 messages before the burst, oldest first. */
  readonly history: readonly RuleMessage[];
  readonly now: Date;
  /** `now` in the account's time zone. */
  readonly local: LocalTime;
  /** Whether the business is open now, and when it opens next; always open when no hours are set. */
  readonly business: { readonly open: boolean; readonly opensAt?: Date };
  readonly settings: RuleSettings;
}

export interface RuleMessage {
  readonly role: "user" | "assistant" | "system";
  /** `text`, `media`, `quickReply`, `postback`, `storyReply`, `storyMention`, `share`, … */
  readonly kind: string;
  /** Empty when there is none. */
  readonly text: string;
  /** Instagram's words for what is attached: `image`, `audio`, … */
  readonly attachments: readonly string[];
  /** What a quick reply or a button stands for. */
  readonly payload?: string;
  readonly at: Date;
  /** True for a message that an earlier turn has decided on already. */
  readonly answered: boolean;
}

export interface RuleContact {
  readonly username?: string;
  readonly name?: string;
  readonly fields: Fields;
  readonly tags: readonly string[];
  readonly optOut: boolean;
  readonly neverBot: boolean;
  /** True in the contact's first turn. */
  readonly isFirstContact: boolean;
}

export interface RuleConversation {
  readonly handler: "bot" | "person";
  /** While a person has it: until when, and why. */
  readonly handlerUntil?: Date;
  readonly handlerReason?: string;
  /** Instagram's 24 h window; absent when the contact never opened it. */
  readonly windowClosesAt?: Date;
  readonly windowOpen: boolean;
  readonly cooldownUntil?: Date;
  /** 0 when no cooldown is on. */
  readonly cooldownLeftMs: number;
  readonly lastBotAt?: Date;
  /** Times that this burst was put off already. */
  readonly deferrals: number;
}

export interface LocalTime {
  /** IANA name. */
  readonly timeZone: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

/** The settings that rules may look at. */
export interface RuleSettings {
  readonly cooldownPolicy: "skip" | "defer";
  readonly language: string;
  readonly handOffPhrases: readonly string[];
  readonly optOutWords: readonly string[];
}

/** A rule. `name` is shown to people and must be unique in the chain. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly apply: (turn: RuleTurn) => Verdict | Promise<Verdict>;
}

/** Checks nothing at run time that the loader does not check too; gives the editor the types. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** Not this rule's business. */
export function pass(reason?: string): Verdict {
  return { kind: "pass", ...(reason === undefined ? {} : { reason }) };
}

/** Answers with one message, or with several. */
export function reply(texts: string | readonly string[], reason?: string): Verdict {
  return {
    kind: "reply",
    texts: typeof texts === "string" ? [texts] : texts,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Says nothing, and why. */
export function silence(reason: string): Verdict {
  return { kind: "silence", reason };
}

/** Gives the conversation to a person, and why. */
export function handOff(reason: string): Verdict {
  return { kind: "handOff", reason };
}

/** Looks again at `until`. */
export function defer(until: Date, reason: string): Verdict {
  return { kind: "defer", until, reason };
}

export { dayAndTime } from "@/rules/day_and_time.ts";
export { asksForPerson, asksToStop } from "@/rules/requests.ts";
export { mentions, saysOnly } from "@/rules/words.ts";
