import { addMs } from "@/conversation/due_time.ts";
import { type Change, withItem } from "@/conversation/aggregate.ts";
import { headItem, itemDueAt, noteWindowEnd, planSends } from "@/conversation/outbound_items.ts";
import { takeBackStale } from "@/conversation/pull_back.ts";
import { sendGate, stopItem, timeOutSend } from "@/conversation/send.ts";
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { accountPace } from "@/instagram/account_pace.ts";
import type { Timings } from "@/outbound/timings.ts";
import type { Account, OutboundItem, SealedToken } from "@/store/records.ts";
import type { Limit } from "@/store/store.ts";

/** An account that may send. */
export type ReadyAccount = Account & { readonly token: SealedToken };

/** An item, and what is needed to go on with it. */
export interface ItemAtWork {
  readonly change: Change;
  readonly item: OutboundItem;
  readonly account: ReadyAccount;
  readonly settings: Settings;
  /** How many texts a second the account may send now. */
  readonly perSecond: number;
}

/** What the queue has to do with a conversation now. */
export type NextStep =
  | { readonly kind: "nothing" }
  /** Only to be written down: an item ended, timed out or waits. */
  | { readonly kind: "write"; readonly change: Change }
  /** The thread is to be read. */
  | { readonly kind: "settle" } & ItemAtWork
  /** To be sent in the account's next slot. */
  | { readonly kind: "send" } & ItemAtWork;

export interface StepFacts {
  /** Absent: the store has no such account. */
  readonly account?: Account;
  /** The account's pause for throttling and what is known of its limits, if anything. */
  readonly limit?: Limit;
  readonly now: Date;
  readonly timings: Timings;
}

/** Decides what to do with the oldest open item of a conversation. Pure. */
export function nextStep(change: Change, facts: StepFacts): NextStep {
  const item = headItem(change.next.outbound);
  const { dueAt } = change.next.conversation;
  if (item === undefined || dueAt === undefined || dueAt > facts.now) return { kind: "nothing" };
  switch (item.state) {
    case "sending":
      return {
        kind: "write",
        change: timeOutSend(change, item, { now: facts.now, settleMs: facts.timings.settleMs }),
      };
    case "uncertain":
      return whenReady("settle", change, item, facts);
    default:
      return stepOfQueued(change, item, facts);
  }
}

function stepOfQueued(change: Change, item: OutboundItem, facts: StepFacts): NextStep {
  const { account, limit, now } = facts;
  const gate = sendGate(change, item, resolveSettings(account?.settings ?? {}), now);
  if (gate.kind !== "go") return { kind: "write", change: stopItem(change, item, gate, now) };
  if (itemDueAt(item, change.next.conversation.lastSendAt) > now) {
    return { kind: "write", change: noteWindowEnd(change, now) };
  }
  const step = whenReady("send", change, item, facts);
  if (step.kind !== "send") return step;
  if (limit?.pausedUntil !== undefined && limit.pausedUntil > now) {
    const reason = `Instagram wants a pause: ${limit.reason ?? "too many calls"}`;
    return { kind: "write", change: putOff(change, item, { until: limit.pausedUntil, reason, now }) };
  }
  const before = addMs(now, -facts.timings.staleMs);
  const stale = takeBackStale(change, item, { before, cooldownMs: step.settings.cooldownMs, now });
  return stale === undefined ? step : { kind: "write", change: stale };
}

function whenReady(kind: "settle" | "send", change: Change, item: OutboundItem, facts: StepFacts): NextStep {
  const { account, limit, now, timings } = facts;
  if (isReady(account)) {
    const { perSecond } = accountPace(account, limit, now);
    return { kind, change, item, account, settings: resolveSettings(account.settings), perSecond };
  }
  const reason = `waits: ${obstacleOf(account)}`;
  const waiting = putOff(change, item, { until: addMs(now, timings.recheckMs), reason, now });
  return { kind: "write", change: noteWindowEnd(waiting, now) };
}

function isReady(account: Account | undefined): account is ReadyAccount {
  return account?.token !== undefined && account.state === "active";
}

function obstacleOf(account: Account | undefined): string {
  if (account === undefined) return "the account is not known";
  if (account.state === "paused") return `the account is paused: ${account.pausedReason ?? "no reason was given"}`;
  return "the account has no access token: give Moca one in Settings";
}

/** Lets an item wait until `until`; no try is counted. The reason is left as it is when none is given. */
export function putOff(
  change: Change,
  item: OutboundItem,
  { until, reason = item.reason, now }: { readonly until: Date; readonly reason?: string; readonly now: Date },
): Change {
  const wait = item.state === "uncertain" ? { settleAt: until } : { notBefore: until };
  return planSends(withItem(change, { ...item, ...wait, reason, updatedAt: now }));
}
