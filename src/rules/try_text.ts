import type { Aggregate } from "@/conversation/aggregate.ts";
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { windowEnd } from "@/conversation/window.ts";
import { businessAt } from "@/rules/business_hours.ts";
import type { RuleTurn } from "@/rules/contract.ts";
import { ruleSettings } from "@/rules/rule_settings.ts";
import { makeRuleTurn } from "@/rules/rule_turn.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";
import type { Account, Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** What somebody may write, and when. */
export interface TextToTry {
  /** The messages of the burst, oldest first. */
  readonly texts: readonly string[];
  readonly at: Date;
  /** Absent: the conversation's account, or else the first. */
  readonly accountId?: string;
  /** Who writes; absent: somebody new, with nothing in the way but the hours of business. */
  readonly conversationId?: string;
}

type TryStore = Pick<Store, "accounts" | "conversations" | "messages">;

/** Messages before the burst that rules may look at. */
const historyLength = 40;

/** The turn that the texts would make; undefined when there is no such conversation. */
export async function turnToTry(text: TextToTry, store: TryStore): Promise<RuleTurn | undefined> {
  const { conversationId } = text;
  if (conversationId === undefined) return newcomersTurn(text, await settingsOf(text.accountId, store));
  const aggregate = await store.conversations.load(conversationId);
  if (aggregate === undefined) return undefined;
  const settings = await settingsOf(aggregate.conversation.accountId, store);
  const { items } = await store.messages.page(conversationId, { limit: historyLength });
  const messages = text.texts.map((one, index) => inventedMessage(one, index, text.at, aggregate));
  return makeRuleTurn({ aggregate: writingAt(aggregate, text.at), messages, history: items, settings, now: text.at });
}

function newcomersTurn({ texts, at }: TextToTry, settings: Settings): RuleTurn {
  const { timezone, businessHours } = settings;
  return sampleTurn({
    texts,
    now: at,
    timeZone: timezone,
    contact: { isFirstContact: true },
    business: businessAt(businessHours, timezone, at),
    settings: ruleSettings(settings),
  });
}

async function settingsOf(id: string | undefined, { accounts }: Pick<TryStore, "accounts">): Promise<Settings> {
  const account: Account | undefined = id === undefined ? (await accounts.list())[0] : await accounts.get(id);
  return resolveSettings(account?.settings ?? {});
}

/** Writing opens Instagram's window anew. */
function writingAt(aggregate: Aggregate, at: Date): Aggregate {
  return { ...aggregate, conversation: { ...aggregate.conversation, windowClosesAt: windowEnd(at) } };
}

function inventedMessage(text: string, index: number, at: Date, { conversation }: Aggregate): Message {
  const { id, accountId } = conversation;
  return {
    id: `${accountId}:try:${index}`,
    accountId,
    conversationId: id,
    role: "user",
    author: "contact",
    kind: "text",
    text,
    attachments: [],
    standby: false,
    test: false,
    at,
    receivedAt: at,
    source: "webhook",
  };
}
