import type { Agreement } from "@/store/store.ts";

/** So many drafts about one topic with one verdict; null and absent mean none. */
export interface DraftCount {
  readonly topic?: string | null;
  readonly verdict?: string | null;
  readonly count: number;
}

/** Adds counts up by topic, in order of names; those without a topic come last. */
export function toAgreement(counts: readonly DraftCount[]): readonly Agreement[] {
  const byTopic = Map.groupBy(counts, ({ topic }) => topic ?? undefined);
  const names = [...byTopic.keys()].toSorted((a, b) => a === undefined ? 1 : b === undefined ? -1 : a < b ? -1 : 1);
  return names.map((topic) => ({ ...(topic === undefined ? {} : { topic }), ...sums(byTopic.get(topic) ?? []) }));
}

function sums(counts: readonly DraftCount[]): Omit<Agreement, "topic"> {
  const sum = (wanted?: string): number =>
    counts.filter(({ verdict }) => (verdict ?? undefined) === wanted).reduce((total, { count }) => total + count, 0);
  return { unchanged: sum("unchanged"), edited: sum("edited"), discarded: sum("discarded"), open: sum() };
}
