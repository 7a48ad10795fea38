import type { RuleContact, RuleConversation, RuleMessage, RuleSettings, RuleTurn } from "@/rules/contract.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { localTime } from "@/rules/local_time.ts";
import { ruleSettings } from "@/rules/rule_settings.ts";

/** What is given of an invented turn; the rest is an ordinary message at noon, with nothing in its way. */
export interface SampleTurn {
  /** What the contact wrote, oldest first. */
  readonly texts?: readonly string[];
  /** The burst's messages, when texts alone do not tell enough. */
  readonly messages?: readonly Partial<RuleMessage>[];
  readonly contact?: Partial<RuleContact>;
  readonly conversation?: Partial<RuleConversation>;
  readonly history?: readonly Partial<RuleMessage>[];
  /** Default: Tuesday 2026-11-24, 12:00 UTC. */
  readonly now?: Date;
  /** Default: UTC. */
  readonly timeZone?: string;
  /** Default: open. */
  readonly business?: RuleTurn["business"];
  readonly settings?: Partial<RuleSettings>;
}

const noon = new Date("2026-11-24T12:00:00Z");
const hourMs = 3_600_000;

/** An invented turn, for tests of rules and for trying a text out. */
export function sampleTurn(given: SampleTurn = {}): RuleTurn {
  const { now = noon, timeZone = "UTC", business = { open: true }, texts = [] } = given;
  const messages = (given.messages ?? texts.map((text) => ({ text }))).map((message) => sampleMessage(message, now));
  return {
    texts: messages.map(({ text }) => text).filter((text) => text.trim() !== ""),
    messages,
    contact: { fields: {}, tags: [], optOut: false, neverBot: false, isFirstContact: false, ...given.contact },
    conversation: {
      handler: "bot",
      windowOpen: true,
      windowClosesAt: new Date(now.getTime() + 24 * hourMs),
      cooldownLeftMs: 0,
      deferrals: 0,
      ...given.conversation,
    },
    history: (given.history ?? []).map((message) => sampleMessage(message, now)),
    now,
    local: localTime(now, timeZone),
    business,
    settings: { ...ruleSettings(defaultSettings), ...given.settings },
  };
}

function sampleMessage(message: Partial<RuleMessage>, now: Date): RuleMessage {
  return { role: "user", kind: "text", text: "", attachments: [], at: now, answered: false, ...message };
}
