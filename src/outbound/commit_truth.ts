import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import { getLogger } from "@/log.ts";
import type { OutboundDeps } from "@/outbound/outbound_deps.ts";
import { StoreUnavailableError } from "@/store/store.ts";

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** Together a little over a minute; what is still not written then is found again by reading the thread. */
const maxFailures = 12;

type Apply = (aggregate: Aggregate) => Change | undefined | Promise<Change | undefined>;

/**
 * Writes down what is known to have happened, however often somebody else was faster and while the store is
 * away. `apply` answers undefined when there is nothing to write. Answers the change that was committed.
 */
export async function commitTruth(
  id: string,
  apply: Apply,
  deps: Pick<OutboundDeps, "store" | "clock">,
): Promise<Change | undefined> {
  for (let failures = 0;;) {
    try {
      const result = await tryOnce(id, apply, deps);
      if (result !== "conflict") return result;
    } catch (error) {
      failures += 1;
      if (!(error instanceof StoreUnavailableError) || failures > maxFailures) throw error;
      getLogger("outbound").warning("cannot record a send yet, trying again: {error}", { error });
      await deps.clock.wait(Math.min(longestPauseMs, firstPauseMs * 2 ** failures));
    }
  }
}

async function tryOnce(
  id: string,
  apply: Apply,
  { store }: Pick<OutboundDeps, "store">,
): Promise<Change | undefined | "conflict"> {
  const aggregate = await store.conversations.load(id);
  const change = aggregate && await apply(aggregate);
  if (change === undefined) return undefined;
  return await store.conversations.commit(change) === "committed" ? change : "conflict";
}
