import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadFirstSteps } from "@/backoffice/first_steps.ts";
import { loadTraffic } from "@/backoffice/load_traffic.ts";
import { unsettledStates } from "@/conversation/item_states.ts";
import { addMs } from "@/conversation/due_time.ts";
import { nextRefreshAt, tokenDaysLeft } from "@/instagram/token_plan.ts";
import { getLogger } from "@/log.ts";
import type { Account } from "@/store/records.ts";
import { toAgreement } from "@/store/agreement.ts";
import type { Store, TurnResult } from "@/store/store.ts";
import type { DashboardData, Failures, Range } from "@views/dashboard.ts";
import { distinctName } from "@views/parts/account_name.ts";
import type { ByHand } from "@views/parts/by_hand.ts";
import type { Decisions, PeriodNumbers, ReasonCount } from "@views/parts/outcomes.ts";
import type { TokenShown } from "@views/parts/token_line.ts";

const hourMs = 3_600_000;

/** How far each range looks back, and the steps of its chart. */
const lengths: Readonly<Record<Range, { readonly ms: number; readonly bucketMs: number }>> = {
  "24h": { ms: 24 * hourMs, bucketMs: hourMs },
  "7d": { ms: 7 * 24 * hourMs, bucketMs: 6 * hourMs },
  "30d": { ms: 30 * 24 * hourMs, bucketMs: 24 * hourMs },
};

/** Turns are counted so far back and no further, those of an account. */
const maxTurns = 2_000;

const maxFailures = 200;
const maxByHand = 1_000;
const maxReasons = 8;
const maxDeadEnvelopes = 99;

export async function loadDashboard(deps: BackofficeDeps, range: Range): Promise<DashboardData> {
  const { store } = deps;
  const accounts = await store.accounts.list();
  const ids = accounts.map(({ id }) => id);
  const now = store.now();
  const { ms, bucketMs } = lengths[range];
  const since = addMs(now, -ms);
  const [counts, items, dead, [lastWebhook], oldestAt, traffic, decisions, failures, byHand] = await Promise.all([
    store.conversations.counts({}),
    store.outbound.countByState(),
    store.envelopes.list({ state: "dead", limit: maxDeadEnvelopes }),
    store.envelopes.list({ limit: 1 }),
    store.outbound.oldestAt(unsettledStates),
    panel("traffic", loadTraffic(store, ids, { since, now, bucketMs })),
    panel("decisions", loadDecisions(store, ids, { since, earlier: addMs(since, -ms) })),
    panel("failures", loadFailures(store, since)),
    panel("byHand", loadByHand(store, since)),
  ]);
  const webhookAt = lastWebhook?.receivedAt;
  return {
    range,
    steps: await loadFirstSteps(deps, { accounts, hasConversation: counts.all > 0, webhookAt }),
    sandbox: deps.config.mode === "sandbox",
    now: {
      needed: counts.needed,
      unread: counts.unread,
      leaving: items.queued + items.sending + items.uncertain,
      stuck: items.failed + items.held + items.expired,
      dead: dead.length,
    },
    webhookAt,
    oldestAt,
    tokens: deps.config.simulated ? [] : accounts.flatMap((account) => tokenOf(account, now, accounts)),
    byHand,
    traffic,
    decisions,
    failures,
  };
}

function tokenOf(account: Account, now: Date, accounts: readonly Account[]): readonly TokenShown[] {
  const { token } = account;
  if (token === undefined) return [];
  return [{
    account: distinctName(account, accounts),
    daysLeft: tokenDaysLeft(token, now),
    refreshedAt: token.refreshedAt,
    nextRefreshAt: nextRefreshAt(token),
  }];
}

/** What people did by a click since then, by the audit log. */
async function loadByHand({ audit }: Store, since: Date): Promise<ByHand> {
  const [changes, sent] = await Promise.all(
    ["conversation.change", "message.send"].map((action) => audit.list({ action, since, limit: maxByHand })),
  );
  const to = (handler: string): number => changes.filter(({ changes }) => changes["handler"]?.after === handler).length;
  const atLeast = changes.length === maxByHand || sent.length === maxByHand;
  return { taken: to("person"), givenBack: to("bot"), sent: sent.length, atLeast };
}

/** A panel that cannot be read stands empty, and the others stay. */
async function panel<T>(name: string, loading: Promise<T>): Promise<T | undefined> {
  try {
    return await loading;
  } catch (error) {
    getLogger("backoffice").error("a panel of the dashboard cannot be read: {name}: {error}", { name, error });
    return undefined;
  }
}

/** What became of the messages since then, and of those between `earlier` and then. */
async function loadDecisions(
  store: Store,
  accountIds: readonly string[],
  { since, earlier }: { since: Date; earlier: Date },
): Promise<Decisions> {
  const read = (period: { since: Date; before?: Date }): Promise<(readonly TurnResult[])[]> =>
    Promise.all(accountIds.map((accountId) => store.turns.outcomes({ accountId, ...period, limit: maxTurns })));
  const turns = await read({ since });
  const isCut = isFull(turns);
  const before = isCut ? undefined : await read({ since: earlier, before: since });
  const all = turns.flat();
  return {
    numbers: numbersOf(all),
    ...(before === undefined || isFull(before) ? {} : { before: numbersOf(before.flat()) }),
    isCut,
    reasons: reasonsOf(all),
    agreement: toAgreement(all),
  };
}

function isFull(turns: readonly (readonly TurnResult[])[]): boolean {
  return turns.some(({ length }) => length === maxTurns);
}

function numbersOf(turns: readonly TurnResult[]): PeriodNumbers {
  const of = (kind: TurnResult["outcome"]["kind"]): number =>
    messagesIn(turns.filter(({ outcome }) => outcome.kind === kind));
  return {
    messages: messagesIn(turns),
    replied: of("replied"),
    drafted: of("drafted"),
    silent: of("silent"),
    handedOff: of("handedOff"),
  };
}

function messagesIn(turns: readonly TurnResult[]): number {
  return turns.reduce((sum, { messageIds }) => sum + messageIds.length, 0);
}

/** Why nothing was said, the commonest first; what stands behind a colon differs from case to case. */
function reasonsOf(turns: readonly TurnResult[]): readonly ReasonCount[] {
  const silent = turns.filter(({ outcome }) => outcome.kind === "silent");
  const byReason = Map.groupBy(silent, ({ outcome }) => outcome.reason.split(": ")[0]!);
  return [...byReason].map(([reason, those]) => ({ reason, count: messagesIn(those) }))
    .toSorted((a, b) => b.count - a.count).slice(0, maxReasons);
}

/** Texts planned since then that did not leave, by why in plain words, and by Instagram's code. */
async function loadFailures(store: Store, since: Date): Promise<Failures> {
  const { items } = await store.outbound.list({ state: ["failed", "held"], limit: maxFailures });
  const recent = items.filter(({ createdAt }) => createdAt >= since);
  const errors = recent.map(({ attempts, reason }) => {
    const error = attempts.at(-1)?.error;
    return { code: error?.code, message: reason ?? error?.message ?? "" };
  });
  const byCode = Map.groupBy(errors, ({ code, message }) => `${code} ${message}`);
  const rows = [...byCode.values()].map((those) => ({ ...those[0]!, count: those.length }));
  return {
    rows: rows.map(({ code, message, count }) => ({ code, message, count })).toSorted((a, b) => b.count - a.count),
    atLeast: recent.length === maxFailures,
  };
}
