/** What stands in the composer of a conversation: what was typed, what may be sent, what is kept ready. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import { handlerAt } from "@/conversation/handler.ts";
import { personMaySend } from "@/conversation/window.ts";
import { newestAt, readAnswers } from "@/backoffice/answers.ts";
import { type CannedValues, fillCanned } from "@/backoffice/canned_text.ts";
import type { Store } from "@/store/store.ts";
import type { CannedChoice } from "@views/parts/canned_picker.ts";
import type { ComposerData, Newer, Writing } from "@views/parts/composer.ts";
import { contactName } from "@views/parts/person.ts";

/** A text that stands in the composer, and why it was not taken. */
export interface Written {
  readonly text?: string;
  /** Default: `reply`. */
  readonly writing?: Writing;
  /** The conversation is to stay the bot's. Default false. */
  readonly keepsBot?: boolean;
  /** The draft whose text it is. */
  readonly draftId?: string;
  readonly problem?: string;
  /** What somebody else has said meanwhile. */
  readonly newer?: Newer;
}

interface Loading extends Written {
  readonly operator: string;
  /** Of the newest answer that the page shows, in ms; absent: it shows earlier ones. */
  readonly answeredAt?: number;
  /** Of the list beside it, from `?` on. */
  readonly query: string;
}

/** A fresh composer: a new command id, and what the operator had typed unless another text is given. */
export async function loadComposer(
  store: Store,
  aggregate: Aggregate,
  { text, writing = "reply", keepsBot = false, draftId, problem, newer, operator, answeredAt, query }: Loading,
): Promise<ComposerData> {
  const { conversation, contact } = aggregate;
  const now = store.now();
  const [typed, canned] = await Promise.all([
    store.typedTexts.get(conversation.id, operator),
    loadCanned(store, aggregate, operator),
  ]);
  const isOpen = personMaySend(conversation, undefined, now);
  const isPersons = personMaySend(conversation, "HUMAN_AGENT", now);
  return {
    conversationId: conversation.id,
    accountId: conversation.accountId,
    contactName: contactName(contact),
    commandId: crypto.randomUUID(),
    window: isOpen ? "open" : isPersons ? "person" : "closed",
    windowClosesAt: conversation.windowClosesAt,
    draftId,
    takesOver: draftId === undefined && handlerAt(conversation, now).kind === "bot",
    keepsBot,
    text: text ?? typed?.text ?? "",
    writing: text === undefined && typed !== undefined ? typed.writing : writing,
    savedAt: text === undefined || text === typed?.text ? typed?.savedAt : undefined,
    seenUpTo: answeredAt ?? await readAnsweredAt(store, conversation.id),
    canned,
    query,
    problem,
    newer,
  };
}

/** The account's ready replies, filled in for this contact. */
export async function loadCanned(
  store: Store,
  { conversation: { accountId }, contact }: Aggregate,
  operator: string,
): Promise<readonly CannedChoice[]> {
  const replies = await store.cannedReplies.list(accountId);
  if (replies.length === 0) return [];
  const account = await store.accounts.get(accountId);
  const fields = Object.entries(contact.fields).map(([name, { value }]) => [`fields.${name}`, value]);
  const values: CannedValues = {
    ...Object.fromEntries(fields),
    name: contact.name,
    username: contact.username,
    operator,
    account: account?.username,
  };
  return replies.map(({ id, title, shortcut, body }) => ({ id, title, shortcut, text: fillCanned(body, values) }));
}

async function readAnsweredAt(store: Store, id: string): Promise<number> {
  return newestAt(await readAnswers(store, id));
}
