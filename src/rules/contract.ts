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
  | { readonly kind: "pass"; readonly reason?: string } & Notes
  | {
    readonly kind: "reply";
    /** One message each; 1 to 10. */
    readonly texts: readonly string[];
    /** Answers to tap below the last message: up to 13, of 20 characters each at most. */
    readonly quickReplies?: readonly string[];
    readonly reason?: string;
  } & Notes
  | {
    readonly kind: "silence";
    readonly reason: string;
    /** True: the contact asked not to be written to any more. */
    readonly optOut?: boolean;
  } & Notes
  | { readonly kind: "handOff"; readonly reason: string } & Omit<Notes, "followUps">
  /** Looks at the burst again at `until`; at most 20 times. */
  | { readonly kind: "defer"; readonly until: Date; readonly reason: string };

/** What a rule may note along with its verdict; kept even when it passes. */
export interface Notes {
  /** Tags that the contact gets. */
  readonly tags?: readonly string[];
  readonly fields?: Fields;
  /** Up to 5. They take the place of those that this rule planned for the contact before. */
  readonly followUps?: readonly FollowUp[];
}

/** Contact fields to write, by name. */
export type Fields = Readonly<Record<string, string>>;

/** A text to write later, if Instagram's window is open then and no person has the conversation. */
export interface FollowUp {
  readonly at: Date;
  /** At most 1,000 bytes of UTF-8. */
  readonly text: string;
  /** Default false: it is cancelled once the contact writes. */
  readonly evenIfAnswered?: boolean;
}

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
  /** The rule that put it off last; absent when none did. */
  readonly deferredBy?: string;
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
  /** Names of rules that are switched off; the chain itself skips them. */
  readonly rulesOff: readonly string[];
  /** Names of rules that people put into another order; the chain itself goes by it. */
  readonly rulesOrder: readonly string[];
}

/** A rule. `name` is shown to people and must be unique in the chain. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  /**
   * How long an `async` rule is waited for, in milliseconds, 1 to 5,000; then it counts as passed. Default 250. A rule
   * that never awaits cannot be stopped.
   */
  readonly limitMs?: number;
  /** Looks at the turn and answers a verdict. An exception is noted in the trace and counts as `pass`. */
  readonly apply: (turn: RuleTurn) => Verdict | Promise<Verdict>;
}

/**
 * Gives the editor the types of a rule file's default export; checks nothing at run time that the loader does not
 * check too.
 *
 * @example
 * ```ts
 * export default defineRule({ name: "hello", description: "Greets", apply: () => reply("Hello!") });
 * ```
 */
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
export { type RuleCase, testRule } from "@/rules/rule_tester.ts";
export type { SampleTurn } from "@/rules/sample_turn.ts";
export { asksForPerson, asksToStop } from "@/rules/requests.ts";
export { mentions, saysOnly } from "@/rules/words.ts";
