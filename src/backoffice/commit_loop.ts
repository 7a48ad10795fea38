import type { Clock } from "@/clock.ts";
import { type Aggregate, type Change, isChanged, startChange } from "@/conversation/aggregate.ts";
import type { ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Times that a change is applied anew because somebody else committed first. */
const maxTries = 20;

/** What to do to the aggregate as it is now: a change to commit, or an answer that needs none. */
export type Step<Answer> =
  | { readonly change: Change; readonly answer: Answer }
  | { readonly change?: undefined; readonly answer: Answer };

export interface CommitDeps {
  readonly store: Pick<Store, "conversations">;
  readonly clock: Pick<Clock, "wait">;
}

/**
 * Loads a conversation, asks `decide` what to do to it and commits that; on a conflict, from the beginning.
 * Answers undefined when there is no such conversation. Throws when it is never the first.
 */
export async function commitLoop<Answer>(
  deps: CommitDeps,
  id: ConversationId,
  decide: (change: Change, aggregate: Aggregate) => Step<Answer> | Promise<Step<Answer>>,
): Promise<Answer | undefined> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const aggregate = await deps.store.conversations.load(id);
    if (aggregate === undefined) return undefined;
    const { change, answer } = await decide(startChange(aggregate), aggregate);
    if (change === undefined || !isChanged(change)) return answer;
    if (await deps.store.conversations.commit(change) === "committed") return answer;
    await deps.clock.wait(tries === 0 ? 0 : Math.random() * 20 * tries);
  }
  throw new Error(`Cannot change conversation "${id}": ${maxTries} others were first, wants a quieter moment`);
}
