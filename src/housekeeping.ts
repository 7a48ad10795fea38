import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import type { Metrics } from "@/metrics.ts";
import { accountPace } from "@/instagram/account_pace.ts";
import type { OutboundState } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

/** Raw webhook bodies are kept so long: longer than Meta repeats a delivery (36 h). */
const envelopeDays = 7;

/** Operators' actions: a double click is over long before. */
const commandDays = 30;

/** Messages stay at least so long: one that Meta repeats must still meet its own row. */
const leastRetentionDays = 3;

/** What live updates are made of: a browser that was away longer loads everything again. */
const feedHours = 1;

const everyMs = 60_000;

/** Removes what is past its time and takes the gauges' readings, once a minute. */
export function makeHousekeeper(options: { store: Store; clock: Clock; metrics: Metrics }): Worker {
  const { store, clock, metrics } = options;
  let dueAt = clock.now();
  return new Worker({
    name: "housekeeping",
    clock,
    pollMs: everyMs,
    step: async () => {
      if (clock.now() < dueAt) return 0;
      dueAt = addMs(clock.now(), everyMs);
      await removeOld(store);
      const counts = Object.entries(await store.outbound.countByState()) as [OutboundState, number][];
      for (const [state, count] of counts) metrics.outbound.set({ state }, count);
      await readLimits(store, metrics);
      return 1;
    },
  });
}

async function readLimits(store: Store, { usagePercent, paceFactor }: Metrics): Promise<void> {
  for (const account of await store.accounts.list()) {
    const labels = { account: account.id };
    const pace = accountPace(account, await store.limits.get(account.id), store.now());
    if (pace.usagePercent === undefined) usagePercent.remove(labels);
    else usagePercent.set(labels, pace.usagePercent);
    paceFactor.set(labels, pace.pausedUntil === undefined ? pace.factor : 0);
  }
}

async function removeOld(store: Store): Promise<void> {
  const daysAgo = (days: number): Date => addMs(store.now(), -days * 24 * 3_600_000);
  await store.envelopes.removeBefore(daysAgo(envelopeDays));
  await store.commands.removeBefore(daysAgo(commandDays));
  await store.typedTexts.removeBefore(daysAgo(commandDays));
  await store.feed.removeBefore(addMs(store.now(), -feedHours * 3_600_000));
  await store.sessions.removeExpired();
  for (const account of await store.accounts.list()) {
    const { retentionDays } = resolveSettings(account.settings);
    const before = daysAgo(Math.max(retentionDays, leastRetentionDays));
    await store.messages.removeBefore(account.id, before);
    await store.turns.removeBefore(account.id, before);
  }
}
