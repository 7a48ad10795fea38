/** Records as the API shows them: absent is `null`, instants are ISO 8601 text. */
import { handlerAt } from "@/conversation/handler.ts";
import { proofOf } from "@/conversation/proof.ts";
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { nextRefreshAt, tokenDaysLeft } from "@/instagram/token_plan.ts";
import type {
  Account,
  AuditEntry,
  Contact,
  Conversation,
  Envelope,
  Fact,
  Message,
  OutboundItem,
  SealedToken,
  Turn,
} from "@/store/records.ts";
import type { ConversationSummary, Limit, Reading } from "@/store/store.ts";
import { accountPace } from "@/instagram/account_pace.ts";
import { inOrder } from "@/rules/chain_order.ts";
import { chainVersion } from "@/rules/chain_version.ts";
import type { RuleSetState } from "@/rules/rule_book.ts";
import { translator } from "@views/i18n.ts";
import { proofLine } from "@views/parts/proof.ts";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

function iso(at: Date | undefined): string | null {
  return at?.toISOString() ?? null;
}

function presentFact({ value, source, by, messageId, at, previous }: Fact): Json {
  return { value, source, by: by ?? null, messageId: messageId ?? null, at: iso(at), previous: previous ?? null };
}

function presentFields(fields: Contact["fields"]): Json {
  return Object.fromEntries(Object.entries(fields).map(([name, fact]) => [name, presentFact(fact)]));
}

export function presentConversation(
  { conversation, contact }: Pick<ConversationSummary, "conversation" | "contact">,
  now: Date,
): Json {
  const { id, accountId, state, unread, lastMessage } = conversation;
  const { psid, username = null, name = null, fields, tags } = contact;
  return {
    id,
    accountId,
    contact: { psid, username, name, fields: presentFields(fields), tags },
    state,
    ...presentHandler(conversation, now),
    assignee: conversation.assignee ?? null,
    unread,
    lastUserAt: iso(conversation.lastUserAt),
    lastBotAt: iso(conversation.lastBotAt),
    cooldownUntil: iso(conversation.cooldownUntil),
    windowClosesAt: iso(conversation.windowClosesAt),
    draft: presentDraft(conversation.draft),
    windowNoticeAt: iso(conversation.windowNoticeAt),
    lastMessage: lastMessage === undefined
      ? null
      : { role: lastMessage.role, text: lastMessage.text, at: iso(lastMessage.at) },
  };
}

function presentDraft(draft: Conversation["draft"]): Json | null {
  if (draft === undefined) return null;
  const { id, turnId, texts, quickReplies = null, topic = null, at } = draft;
  return { id, turnId, texts, quickReplies, topic, at: iso(at) };
}

function presentHandler(conversation: Conversation, now: Date): Json {
  const handler = handlerAt(conversation, now);
  if (handler.kind === "bot") return { handler: "bot", handlerUntil: null, handlerReason: null, needed: false };
  const { until, reason, needed } = handler;
  return { handler: "person", handlerUntil: iso(until), handlerReason: reason, needed };
}

export function presentContact(contact: Contact): Json {
  const { id, accountId, psid, username = null, name = null, profile, fields, tags, optOut, neverBot } = contact;
  const createdAt = iso(contact.createdAt);
  return {
    id,
    accountId,
    psid,
    username,
    name,
    profile,
    fields: presentFields(fields),
    tags,
    optOut,
    neverBot,
    createdAt,
  };
}

export function presentAudit({ id, at, actor, action, object, changes }: AuditEntry): Json {
  return { id, at: iso(at), actor, action, object, changes };
}

export function presentMessage(message: Message): Json {
  const { id, mid = null, role, author, kind, text = null, attachments, at, turnId = null, source } = message;
  const quickReplies = message.quickReplies ?? [];
  const delivery = deliveryOf(message);
  const operator = message.operator ?? null;
  const said = { role, author, operator, kind, text, attachments, quickReplies };
  return { id, mid, ...said, at: iso(at), delivery, turnId, source };
}

function deliveryOf({ role, seenAt }: Message): string | null {
  if (role === "system") return null;
  if (role === "user") return "received";
  return seenAt === undefined ? "sent" : "seen";
}

/** An outbound item that is not in the history, shown as the message that it wants to become. */
export function presentUnsent(item: OutboundItem): Json {
  const { id, origin, text, state, createdAt } = item;
  return {
    id,
    mid: null,
    role: "assistant",
    author: origin.kind === "operator" ? "operator" : "bot",
    operator: origin.kind === "operator" ? origin.operator : null,
    kind: "text",
    text,
    attachments: [],
    quickReplies: item.quickReplies ?? [],
    at: iso(createdAt),
    delivery: state,
    turnId: origin.turnId ?? null,
    source: null,
  };
}

/** `proof` is what is proven; its `line` says so in words. `echoAt`: when Instagram's copy came, if it is known. */
export function presentLedger(item: OutboundItem, echoAt: Date | undefined): Json {
  const proof = proofOf(item, echoAt);
  const evidence = proof.evidence.map(({ kind, at }) => ({ kind, at: iso(at) }));
  const line = proofLine(translator("en"), proof, (at) => at.toISOString());
  return { ...presentItem(item), proof: { verdict: proof.verdict, line, evidence } };
}

export function presentItem(item: OutboundItem): Json {
  const { id, conversationId, accountId, psid, seq, origin, text, tag = null, state, attempt, spent } = item;
  return {
    id,
    conversationId,
    accountId,
    psid,
    seq,
    origin,
    text,
    tag: tag === null ? null : "human_agent",
    quickReplies: item.quickReplies ?? [],
    state,
    attempt,
    spent,
    notBefore: iso(item.notBefore),
    deadlineAt: iso(item.deadlineAt),
    settleAt: iso(item.settleAt),
    reason: item.reason ?? null,
    mid: item.mid ?? null,
    sentAt: iso(item.sentAt),
    attempts: item.attempts.map((one) => ({
      number: one.number,
      startedAt: iso(one.startedAt),
      endedAt: iso(one.endedAt),
      settledAt: iso(one.settledAt),
      outcome: one.outcome ?? null,
      evidence: one.evidence ?? null,
      error: one.error ?? null,
    })),
    createdAt: iso(item.createdAt),
    updatedAt: iso(item.updatedAt),
  };
}

export function presentTurn(turn: Turn): Json {
  const { startedAt, decidedAt, ruleSet = null, agent = null, topic = null, review = null, ...rest } = turn;
  return { ...rest, startedAt: iso(startedAt), decidedAt: iso(decidedAt), ruleSet, agent, topic, review };
}

/** Every setting in full; of the token only what it is recognised by. */
export function presentSettings(account: Account, now: Date): Json {
  const { id, username = null, state, pausedReason = null, token } = account;
  const settings = resolveSettings(account.settings);
  return {
    ...settings,
    businessHours: settings.businessHours ?? null,
    token: token === undefined ? null : presentToken(token, now),
    account: { id, username, state, pausedReason },
  };
}

/** The account without its settings: whether it sends, how fast, for how long yet, and what its last sweep found. */
export function presentAccount(
  account: Account,
  { limit, sweep, now }: { readonly limit?: Limit; readonly sweep?: Reading; readonly now: Date },
): Json {
  const { id, username = null, state, pausedReason = null, token } = account;
  const { perSecond, factor, usagePercent = null, pausedUntil, reason = null } = accountPace(account, limit, now);
  return {
    id,
    username,
    state,
    pausedReason,
    token: token === undefined ? null : presentToken(token, now),
    pace: { perSecond, factor, usagePercent, pausedUntil: iso(pausedUntil), reason },
    backfill: sweep === undefined ? null : { sweptUntil: iso(sweep.at), found: sweep.value },
  };
}

function presentToken(token: SealedToken, now: Date): Json {
  const { ending, expiresAt, refreshedAt } = token;
  return {
    ending,
    expiresAt: iso(expiresAt),
    refreshedAt: iso(refreshedAt),
    nextRefreshAt: iso(nextRefreshAt(token)),
    daysLeft: tokenDaysLeft(token, now) ?? null,
  };
}

/** In the order in which the account's rules are asked; `version` is that of what runs for it. */
export function presentRules(state: RuleSetState, settings: Settings): Json {
  const { loadedAt, rules, problems, warnings } = state;
  return {
    version: chainVersion(state, settings),
    filesVersion: state.version,
    loadedAt: iso(loadedAt),
    rules: inOrder(rules, settings.rulesOrder).map((rule, index) => ({
      ...rule,
      position: index + 1,
      filePosition: rules.indexOf(rule) + 1,
      enabled: !settings.rulesOff.includes(rule.name),
    })),
    problems: problems.map(({ since, ...problem }) => ({ ...problem, since: iso(since) })),
    warnings,
  };
}

/** Without the body: it holds what contacts wrote. */
export function presentEnvelope({ id, state, receivedAt, attempts, note, body }: Envelope): Json {
  return { id, state, receivedAt: iso(receivedAt), attempts, note: note ?? null, bytes: body.byteLength };
}
