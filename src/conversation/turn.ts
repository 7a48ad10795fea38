/** The life of one turn: begun on what is pending, then committed, thrown away, put off or tried again. */
import type {
  AgentTrace,
  Check,
  CommittedTurn,
  Conversation,
  Message,
  ModelUse,
  OutboundOrigin,
  RuleSituation,
  RuleTrace,
  Turn,
  TurnOutcome,
  TurnSnapshot,
  WaitingDraft,
} from "@/store/records.ts";
import { type Change, withContact, withConversation, withDebounce, withMessages } from "@/conversation/aggregate.ts";
import { addMs, latest, turnDueAt } from "@/conversation/due_time.ts";
import { type FactProposal, learnFacts } from "@/conversation/facts.ts";
import { dropAnswered, type FollowUpPlan, planFollowUps } from "@/conversation/follow_up.ts";
import { forgetInDecided } from "@/conversation/forget.ts";
import { addUse, useOf } from "@/conversation/model_use.ts";
import { handlerAt, takeOver } from "@/conversation/handler.ts";
import { enqueue, planSends } from "@/conversation/outbound_items.ts";
import type { Settings } from "@/conversation/settings.ts";
import { decidingTopic, modeFor } from "@/conversation/topics.ts";
import { botMaySend, isTooLate, noticeDueAt } from "@/conversation/window.ts";

/** Drafts that may be thrown away before the next is committed all the same. */
export const maxSupersedes = 2;

/** Tries to decide before a person is asked. */
export const maxTurnAttempts = 5;

/** Times that rules may put one burst off before a person is asked. */
export const maxDeferrals = 20;

/** What was decided on a burst, by whom and why. */
export type Decision =
  | {
    readonly kind: "reply";
    readonly texts: readonly string[];
    /** Answers to tap, shown below the last text. */
    readonly quickReplies?: readonly string[];
    readonly reason: string;
    readonly by: string;
  }
  | { readonly kind: "silence"; readonly reason: string; readonly by: string }
  | { readonly kind: "handOff"; readonly reason: string; readonly by: string }
  | { readonly kind: "defer"; readonly until: Date; readonly reason: string; readonly by: string };

/** Takes a snapshot to decide on. Answers undefined when nothing is due. */
export function beginTurn(change: Change, options: { snapshotId: string; now: Date }): Change | undefined {
  const { debounce, conversation } = change.next;
  const isDue = debounce.pending.length > 0 && debounce.dueAt !== undefined && debounce.dueAt <= options.now;
  if (!isDue) return undefined;
  return withDebounce(change, {
    attempts: debounce.attempts + 1,
    snapshot: {
      id: options.snapshotId,
      turnNumber: conversation.nextTurn,
      pending: debounce.pending,
      rev: conversation.rev,
      startedAt: options.now,
    },
  });
}

/** The id of a conversation's turn number `number`. */
export function turnId(conversation: string, number: number): string {
  return `${conversation}_t${number}`;
}

export interface TurnRecord {
  readonly snapshotId: string;
  readonly decision: Decision;
  readonly checks: readonly Check[];
  readonly rules: readonly RuleTrace[];
  readonly ruleSet?: string;
  readonly situation?: RuleSituation;
  readonly agent?: AgentTrace;
  readonly facts: readonly FactProposal[];
  readonly tags: readonly string[];
  /** What to write later. Default: nothing. */
  readonly followUps?: readonly FollowUpPlan[];
  /** The account's topics that the burst or its answer is about. Default: none. */
  readonly topics?: readonly string[];
  /** The conversation is done with this turn, unless a person is asked. Default false. */
  readonly closes?: boolean;
  /** The contact asked not to be written to any more. */
  readonly optOut: boolean;
  /** The rows of the snapshot's messages, as the store has them now. */
  readonly messages: readonly Message[];
  /** Ids of messages that the model was shown and that were taken back since. */
  readonly takenBack?: readonly string[];
}

/** How a commit of a turn ends. `stale`: somebody else decides now, or it was decided already. */
export type TurnCommit =
  | { readonly kind: "committed" | "superseded" | "deferred"; readonly change: Change }
  | { readonly kind: "stale" };

/**
 * Commits a decision: turn, facts and outbound items in one change. When the contact wrote on since the
 * snapshot, the draft is thrown away and the burst waits again, unless that has happened too often already
 * (C12, C19).
 */
export function commitTurn(change: Change, record: TurnRecord, options: { settings: Settings; now: Date }): TurnCommit {
  const { settings, now } = options;
  const { debounce, conversation } = change.next;
  const { snapshot } = debounce;
  if (snapshot?.id !== record.snapshotId) return { kind: "stale" };
  const isStale = conversation.rev !== snapshot.rev;
  const forced = mustCommit(change, settings, now);
  if (isStale && !forced) {
    return { kind: "superseded", change: throwDraftAway(change, { ...options, spent: useOf(record.agent) }) };
  }
  const decision = inTheWindow(record.decision, conversation, now);
  if (decision.kind === "defer") return { kind: "deferred", change: putOff(change, decision) };
  const standing = withoutTakenBack({ ...record, decision });
  const learned = learnFacts(change, standing.facts, standing.tags, now);
  const decided = standing.optOut ? withContact(learned, { optOut: true }) : learned;
  return { kind: "committed", change: settleTurn(decided, standing, { ...options, forced }) };
}

/**
 * A burst that is put off until after the window's end is looked at again half an hour before that; then a person is
 * asked instead.
 */
function inTheWindow(decision: Decision, conversation: Conversation, now: Date): Decision {
  const noticeAt = noticeDueAt({ ...conversation, windowNoticeAt: undefined });
  if (decision.kind !== "defer" || noticeAt === undefined || !isTooLate(conversation, decision.until)) return decision;
  if (noticeAt > now) return { ...decision, until: noticeAt };
  return { kind: "handOff", reason: "the answer would come after Instagram's 24 h window", by: decision.by };
}

/** The record without what the contact took back while it was decided: only a forced commit meets that. */
function withoutTakenBack(record: TurnRecord): TurnRecord {
  const { takenBack = [], agent, rules, decision } = record;
  if (takenBack.length === 0) return record;
  const taken = takenBack.map((messageId) => ({ messageId, texts: [] }));
  const after = forgetInDecided({ agent, rules, reason: decision.reason }, taken);
  const facts = record.facts.filter(({ messageId }) => messageId === undefined || !takenBack.includes(messageId));
  return { ...record, facts, agent: after.agent, rules: after.rules, decision: { ...decision, reason: after.reason } };
}

/**
 * Ends a decision that nobody waits for any more: because the contact wrote on (the burst waits for quiet
 * again), or because the process ends or lost its lease (the same burst is due at once, the try not counted).
 */
export function abandonTurn(
  change: Change,
  options: { snapshotId: string; settings: Settings; now: Date },
): Change | undefined {
  const { debounce, conversation } = change.next;
  if (debounce.snapshot?.id !== options.snapshotId) return undefined;
  if (conversation.rev !== debounce.snapshot.rev) return throwDraftAway(change, options);
  return withDebounce(change, {
    snapshot: undefined,
    dueAt: options.now,
    attempts: Math.max(0, debounce.attempts - 1),
  });
}

/** Whether a draft may be neither thrown away nor taken back any more, or the contact would wait for ever (C19). */
export function mustCommit(change: Change, settings: Settings, now: Date): boolean {
  const { supersedes, firstAt } = change.next.debounce;
  const waitedTooLong = firstAt !== undefined && now >= addMs(firstAt, 2 * settings.debounceMaxMs);
  return supersedes >= maxSupersedes || waitedTooLong;
}

function throwDraftAway(
  change: Change,
  { settings, now, spent }: { settings: Settings; now: Date; spent?: ModelUse },
): Change {
  const { firstAt = now, lastAt = now, supersedes } = change.next.debounce;
  const dueAt = latest(turnDueAt(firstAt, lastAt, settings), now);
  return withDebounce(change, {
    snapshot: undefined,
    supersedes: supersedes + 1,
    attempts: 0,
    dueAt,
    ...spending(change, spent),
  });
}

/** The burst waits for a rule's instant, not for quiet: what comes meanwhile is timed as if it were the first. */
function putOff(change: Change, { until, reason, by }: Extract<Decision, { kind: "defer" }>): Change {
  const count = (change.next.debounce.deferral?.count ?? 0) + 1;
  const waiting = withDebounce(change, {
    snapshot: undefined,
    attempts: 0,
    supersedes: 0,
    firstAt: undefined,
    lastAt: undefined,
    dueAt: until,
    deferral: { until, reason, by, count },
  });
  return withConversation(waiting, { state: "scheduled" });
}

/** Tries the same burst again at `retryAt`: the model did not answer. */
export function retryTurn(
  change: Change,
  options: { snapshotId: string; retryAt: Date; reason: string; spent?: ModelUse },
): Change | undefined {
  const { debounce } = change.next;
  if (debounce.snapshot?.id !== options.snapshotId) return undefined;
  const count = debounce.deferral?.count ?? 0;
  const deferral = { until: options.retryAt, reason: options.reason, by: "agent", count };
  return withDebounce(change, {
    snapshot: undefined,
    dueAt: options.retryAt,
    deferral,
    ...spending(change, options.spent),
  });
}

/** The debounce's `spent` with some more in it. */
function spending({ next: { debounce } }: Change, more: ModelUse | undefined): { spent?: ModelUse } {
  const spent = addUse(debounce.spent, more);
  return spent === undefined ? {} : { spent };
}

function settleTurn(
  change: Change,
  record: TurnRecord,
  options: { settings: Settings; now: Date; forced: boolean },
): Change {
  const { now, settings, forced } = options;
  const { conversation, debounce } = change.next;
  const { snapshot } = debounce;
  if (snapshot === undefined) return change;
  const id = turnId(conversation.id, snapshot.turnNumber);
  const outcome = outcomeOf(change, record, settings, now);
  const acted = carryOut(change, { id, outcome, record }, settings, now);
  const newItems = acted.next.outbound.filter(({ seq }) => seq >= conversation.nextSeq);
  const outboundIds = newItems.map((item) => item.id);
  const turn = makeTurn(change, snapshot, { id, record, outcome, outboundIds, forced, settings, now });
  const { number, supersedes } = turn;
  const lastTurn: CommittedTurn = { id, number, pending: snapshot.pending, forced, supersedes };
  const messages = withMessages(acted, record.messages.map((message) => ({ ...message, turnId: id })));
  const closes = record.closes === true && (outcome.kind === "replied" || outcome.kind === "silent");
  const state = closes ? "closed" : "open";
  const counted = withConversation(messages, { state, lastTurn, nextTurn: number + 1, updatedAt: now });
  const rested = restDebounce(counted, turn.messageIds, options);
  const isSilent = rested.next.debounce.pending.length === 0;
  return { ...planSends(isSilent ? rested : dropAnswered(rested, now)), turns: [...change.turns, turn] };
}

/** What the outcome does to the conversation. A draft plans nothing: nobody has agreed to it yet. */
function carryOut(
  change: Change,
  { id, outcome, record }: { readonly id: string; readonly outcome: TurnOutcome; readonly record: TurnRecord },
  settings: Settings,
  now: Date,
): Change {
  if (outcome.kind === "drafted") return keepDraft(change, { id, outcome, record }, settings, now);
  const queued = outcome.kind === "replied" ? queueAnswer(change, { id, ...outcome }, settings, now) : change;
  const planned = planFollowUps(queued, { turnId: id, plans: record.followUps ?? [] }, now);
  return outcome.kind === "handedOff" ? handOff(planned, outcome, settings, now) : planned;
}

/** Lets the answer wait for a person, in the place of an older one. */
function keepDraft(
  change: Change,
  { id, outcome, record }: { readonly id: string; readonly outcome: TurnOutcome; readonly record: TurnRecord },
  settings: Settings,
  now: Date,
): Change {
  const { texts, quickReplies } = outcome;
  const topic = decidingTopic(settings, record.topics ?? [])?.name;
  const draft: WaitingDraft = {
    id: record.snapshotId,
    turnId: id,
    texts,
    ...(quickReplies === undefined ? {} : { quickReplies }),
    ...(topic === undefined ? {} : { topic }),
    at: now,
  };
  return withConversation(change, { draft });
}

function makeTurn(
  { next: { conversation, debounce } }: Change,
  snapshot: TurnSnapshot,
  { id, record, outcome, outboundIds, forced, settings, now }: {
    readonly id: string;
    readonly record: TurnRecord;
    readonly outcome: TurnOutcome;
    readonly outboundIds: readonly string[];
    readonly forced: boolean;
    readonly settings: Settings;
    readonly now: Date;
  },
): Turn {
  const topic = decidingTopic(settings, record.topics ?? [])?.name;
  return {
    id,
    conversationId: conversation.id,
    accountId: conversation.accountId,
    number: snapshot.turnNumber,
    messageIds: snapshot.pending.map(({ messageId }) => messageId),
    startedAt: snapshot.startedAt,
    decidedAt: now,
    checks: record.checks,
    rules: record.rules,
    ruleSet: record.ruleSet,
    situation: record.situation,
    agent: record.agent && { ...record.agent, ...addUse(useOf(record.agent), debounce.spent) },
    outcome,
    ...(topic === undefined ? {} : { topic }),
    outboundIds,
    forced,
    supersedes: debounce.supersedes,
    attempts: debounce.attempts,
  };
}

/** The decision as it stands at the moment of commit: what changed meanwhile may turn an answer into silence. */
function outcomeOf(change: Change, record: TurnRecord, settings: Settings, now: Date): TurnOutcome {
  const { decision, topics = [] } = record;
  const { reason, by } = decision;
  if (decision.kind === "handOff") return { kind: "handedOff", reason, by, texts: [] };
  if (decision.kind !== "reply") return { kind: "silent", reason, by, texts: [] };
  const obstacle = obstacleToReply(change, settings, now);
  if (obstacle !== undefined) return { kind: "silent", reason: obstacle, by: "core", texts: [] };
  const mode = modeFor(settings, topics);
  if (mode === "off" && by === "agent") return switchedOff(settings, topics);
  const { texts, quickReplies } = decision;
  const kind = mode === "draft" ? "drafted" : "replied";
  return { kind, reason, by, texts, ...(quickReplies === undefined ? {} : { quickReplies }) };
}

/** Where the agent may not answer: nobody is asked for a whole account, a person for one of its topics. */
export function switchedOff(settings: Settings, topics: readonly string[]): TurnOutcome {
  const topic = decidingTopic(settings, topics);
  if (topic === undefined) return { kind: "silent", reason: "the agent is switched off", by: "core", texts: [] };
  const reason = `people of the team answer on this topic: ${topic.name}`;
  return { kind: "handedOff", reason, by: "core", texts: [] };
}

/** Why the bot must not answer now, in words; undefined when it may. */
export function obstacleToReply(change: Change, settings: Settings, now: Date): string | undefined {
  const { conversation, contact } = change.next;
  if (!settings.botEnabled) return "the bot is switched off";
  if (contact.neverBot) return "the bot never answers this contact";
  if (contact.optOut) return "the contact asked not to be written to";
  const handler = handlerAt(conversation, now);
  if (handler.kind === "person") return `a person has the conversation: ${handler.reason}`;
  if (!botMaySend(conversation, now)) return "Instagram's 24 h window is closed";
  return undefined;
}

function queueAnswer(
  change: Change,
  { id, texts, quickReplies }: Pick<TurnOutcome, "texts" | "quickReplies"> & { readonly id: string },
  settings: Settings,
  now: Date,
): Change {
  const origin = (part: number, parts: number): OutboundOrigin => ({ kind: "turn", turnId: id, part, parts });
  const queued = enqueue(change, { texts, quickReplies, origin }, now);
  return withConversation(queued, { lastBotAt: now, cooldownUntil: addMs(now, settings.cooldownMs) });
}

function handOff(change: Change, outcome: TurnOutcome, settings: Settings, now: Date): Change {
  const by = outcome.by.replace(/^rule:/, "");
  const { takeoverHours } = settings;
  const isWithPerson = handlerAt(change.next.conversation, now).kind === "person";
  if (isWithPerson) return change;
  return takeOver(change, { by, reason: outcome.reason, needed: true, at: now, takeoverHours }, now);
}

/** What the turn did not cover stays pending; otherwise the debounce is idle. */
function restDebounce(
  change: Change,
  covered: readonly string[],
  { settings, now }: { settings: Settings; now: Date },
): Change {
  const rest = change.next.debounce.pending.filter(({ messageId }) => !covered.includes(messageId));
  const arrivals = rest.map(({ receivedAt }) => receivedAt.getTime());
  const firstAt = rest.length === 0 ? undefined : new Date(Math.min(...arrivals));
  const lastAt = rest.length === 0 ? undefined : new Date(Math.max(...arrivals));
  const dueAt = firstAt && lastAt && latest(turnDueAt(firstAt, lastAt, settings), now);
  return withDebounce(change, {
    pending: rest,
    firstAt,
    lastAt,
    dueAt,
    attempts: 0,
    supersedes: 0,
    snapshot: undefined,
    spent: undefined,
    deferral: undefined,
  });
}
