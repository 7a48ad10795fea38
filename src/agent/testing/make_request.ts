import { newAggregate } from "@/conversation/aggregate.ts";
import { defaultSettings, type Settings } from "@/conversation/settings.ts";
import { type Contact, conversationId, type Message } from "@/store/records.ts";
import { noKnowledge } from "@/agent/knowledge.ts";
import type { AgentRequest } from "@/agent/agent.ts";

const accountId = "17841400000000001";
const psid = "990000000000001";

/** Noon of the tests. */
export const noon = new Date("2026-11-24T12:00:00Z");

/** A message of the contact's; everything that a test does not speak of has a plain value. */
export function makeMessage(patch: Partial<Message> & { readonly id: string }): Message {
  return {
    accountId,
    conversationId: conversationId(accountId, psid),
    role: "user",
    author: "contact",
    kind: "text",
    attachments: [],
    standby: false,
    test: false,
    at: noon,
    receivedAt: noon,
    source: "webhook",
    ...patch,
  };
}

/** An answer of the bot's in the history. */
export function makeAnswer(text: string, patch: Partial<Message> = {}): Message {
  return makeMessage({ id: `answer:${text}`, role: "assistant", author: "bot", text, turnId: "t1", ...patch });
}

export interface RequestPatch {
  /** Texts of the burst. Default: one greeting. */
  readonly texts?: readonly string[];
  /** Instead of `texts`. */
  readonly messages?: readonly Message[];
  readonly history?: readonly Message[];
  readonly settings?: Partial<Settings>;
  readonly contact?: Partial<Contact>;
  readonly perhapsSent?: AgentRequest["perhapsSent"];
  readonly rules?: AgentRequest["rules"];
  readonly knowledge?: AgentRequest["knowledge"];
}

/** A request of one contact to @moca_cafe. */
export function makeRequest(patch: RequestPatch = {}): AgentRequest {
  const { contact } = newAggregate({ accountId, psid }, noon);
  const texts = patch.texts ?? ["hi"];
  return {
    account: { id: accountId, username: "moca_cafe" },
    contact: { ...contact, ...patch.contact },
    settings: { ...defaultSettings, ...patch.settings },
    messages: patch.messages ?? texts.map((text, index) => makeMessage({ id: `burst:${index + 1}`, text })),
    history: patch.history ?? [],
    perhapsSent: patch.perhapsSent,
    rules: patch.rules ?? [],
    knowledge: patch.knowledge ?? noKnowledge,
    windowClosesAt: new Date(noon.getTime() + 24 * 3_600_000),
    now: noon,
  };
}
