import type { Agreement, TurnResult } from "@/store/store.ts";

/** What became of the drafts among the turns, by topic, in order of names; those without a topic come last. */
export function toAgreement(turns: readonly TurnResult[]): readonly Agreement[] {
  const drafted = turns.filter(({ outcome }) => outcome.kind === "drafted");
  const byTopic = Map.groupBy(drafted, ({ topic }) => topic);
  const names = [...byTopic.keys()].toSorted((a, b) => a === undefined ? 1 : b === undefined ? -1 : a < b ? -1 : 1);
  return names.map((topic) => ({ ...(topic === undefined ? {} : { topic }), ...verdictsOf(byTopic.get(topic) ?? []) }));
}

function verdictsOf(turns: readonly TurnResult[]): Omit<Agreement, "topic"> {
  const count = (wanted?: string): number => turns.filter(({ review }) => review?.verdict === wanted).length;
  return { unchanged: count("unchanged"), edited: count("edited"), discarded: count("discarded"), open: count() };
}
