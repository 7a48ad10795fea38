import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadFirstSteps } from "@/backoffice/first_steps.ts";
import { addMs } from "@/conversation/due_time.ts";
import { toAgreement } from "@/store/agreement.ts";
import type { Store, TurnResult } from "@/store/store.ts";
import type { DashboardData, PeriodNumbers, ReasonCount } from "@views/dashboard.ts";

const dayMs = 24 * 3_600_000;
const days = 7;

/** Turns are counted so far back and no further, those of an account. */
const maxTurns = 2_000;

/** Answers of which the time to answer is taken, the newest of the period. */
const maxTimed = 50;

const maxReasons = 8;
const maxDeadEnvelopes = 99;

/** `isToday` says of an instant whether it is of today, where the reader is. */
export async function loadDashboard(
  deps: BackofficeDeps,
  isToday: (at: Date) => boolean,
): Promise<DashboardData> {
  const { store } = deps;
  const accounts = await store.accounts.list();
  const since = addMs(store.now(), -days * dayMs);
  const [turns, counts, items, dead, [lastWebhook]] = await Promise.all([
    Promise.all(accounts.map(({ id }) => store.turns.outcomes({ accountId: id, since, limit: maxTurns }))),
    store.conversations.counts({}),
    store.outbound.countByState(),
    store.envelopes.list({ state: "dead", limit: maxDeadEnvelopes }),
    store.envelopes.list({ limit: 1 }),
  ]);
  const week = turns.flat();
  const webhookAt = lastWebhook?.receivedAt;
  const [today, all, steps] = await Promise.all([
    numbersOf(store, week.filter(({ decidedAt }) => isToday(decidedAt))),
    numbersOf(store, week),
    loadFirstSteps(deps, { accounts, hasConversation: counts.all > 0, webhookAt }),
  ]);
  return {
    steps,
    sandbox: deps.config.mode === "sandbox",
    now: {
      needed: counts.needed,
      unread: counts.unread,
      leaving: items.queued + items.sending + items.uncertain,
      stuck: items.failed + items.held + items.expired,
      dead: dead.length,
    },
    webhookAt,
    periods: { today, week: all },
    isCut: turns.some(({ length }) => length === maxTurns),
    reasons: reasonsOf(week),
    agreement: toAgreement(week),
  };
}

async function numbersOf(store: Store, turns: readonly TurnResult[]): Promise<PeriodNumbers> {
  const of = (kind: TurnResult["outcome"]["kind"]): number =>
    messagesIn(turns.filter(({ outcome }) => outcome.kind === kind));
  const times = await timesToAnswer(store, turns);
  return {
    messages: messagesIn(turns),
    replied: of("replied"),
    drafted: of("drafted"),
    silent: of("silent"),
    handedOff: of("handedOff"),
    medianMs: times[Math.floor(times.length / 2)],
    slowMs: times[Math.floor(times.length * 0.9)],
  };
}

function messagesIn(turns: readonly TurnResult[]): number {
  return turns.reduce((sum, { messageIds }) => sum + messageIds.length, 0);
}

/** From the burst's first message coming in to the answer's first text having left, in milliseconds, rising. */
async function timesToAnswer(store: Store, turns: readonly TurnResult[]): Promise<readonly number[]> {
  const answered = turns.filter(({ outcome }) => outcome.kind === "replied").slice(0, maxTimed);
  const messages = await store.messages.byIds(answered.flatMap(({ messageIds }) => messageIds.slice(0, 1)));
  const cameAt = new Map(messages.map(({ id, receivedAt }) => [id, receivedAt.getTime()]));
  const times = await Promise.all(answered.map(async ({ messageIds: [first = ""], outboundIds: [id] }) => {
    const item = id === undefined ? undefined : await store.outbound.get(id);
    const from = cameAt.get(first);
    return item?.sentAt === undefined || from === undefined ? [] : [Math.max(0, item.sentAt.getTime() - from)];
  }));
  return times.flat().toSorted((a, b) => a - b);
}

/** Why nothing was said, the commonest first; what stands behind a colon differs from case to case. */
function reasonsOf(turns: readonly TurnResult[]): readonly ReasonCount[] {
  const silent = turns.filter(({ outcome }) => outcome.kind === "silent");
  const byReason = Map.groupBy(silent, ({ outcome }) => outcome.reason.split(": ")[0]!);
  return [...byReason].map(([reason, those]) => ({ reason, count: messagesIn(those) }))
    .toSorted((a, b) => b.count - a.count).slice(0, maxReasons);
}
