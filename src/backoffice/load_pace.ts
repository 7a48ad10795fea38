import { addMs } from "@/conversation/due_time.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import type { Store } from "@/store/store.ts";
import type { Pace } from "@views/parts/pace.ts";

const minuteMs = 60_000;
const minutes = 60;

/** Messages that are read of an account, the newest. */
const maxMarks = 5_000;

/** What left in each of the last 60 minutes, all accounts together, against what their settings allow. */
export async function loadPace(store: Store): Promise<Pace> {
  const accounts = await store.accounts.list();
  const now = store.now();
  const since = addMs(now, -minutes * minuteMs);
  const reads = await Promise.all(
    accounts.map(({ id }) => store.messages.marks({ accountId: id, since, limit: maxMarks })),
  );
  const ours = reads.flat().filter(({ author }) => author === "bot" || author === "operator");
  const byMinute = Map.groupBy(
    ours,
    ({ at }) => Math.min(minutes - 1, Math.floor((at.getTime() - since.getTime()) / minuteMs)),
  );
  return {
    since,
    sent: Array.from({ length: minutes }, (_, minute) => byMinute.get(minute)?.length ?? 0),
    limit: accounts.reduce((sum, { settings }) => sum + resolveSettings(settings).sendsPerSecond * minutes, 0),
    atLeast: reads.some(({ length }) => length === maxMarks),
  };
}
