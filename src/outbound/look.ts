import { startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { type ItemAtWork, type NextStep, nextStep, putOff } from "@/outbound/next_step.ts";
import type { OutboundDeps } from "@/outbound/outbound_deps.ts";
import { SealError } from "@/seal.ts";

/** Reads a conversation and what decides about it, and says what to do next. */
export async function look(id: string, { store, timings }: OutboundDeps): Promise<NextStep> {
  const aggregate = await store.conversations.load(id);
  if (aggregate === undefined) return { kind: "nothing" };
  const { accountId } = aggregate.conversation;
  const [account, limit] = await Promise.all([store.accounts.get(accountId), store.limits.get(accountId)]);
  return nextStep(startChange(aggregate), { account, limit, now: store.now(), timings });
}

/** Lets the item wait, if nobody has changed the conversation meanwhile; else it is looked at again anyway. */
export async function letWait(
  { change, item }: ItemAtWork,
  { until, reason }: { readonly until: Date; readonly reason?: string },
  { store }: Pick<OutboundDeps, "store">,
): Promise<void> {
  await store.conversations.commit(putOff(change, item, { until, reason, now: store.now() }));
}

/** The account's access token; when it cannot be read, the item waits and the answer is undefined. */
export async function openToken(work: ItemAtWork, deps: OutboundDeps): Promise<string | undefined> {
  const { account } = work;
  try {
    return await deps.sealer.open(account.token.sealed, account.id);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const reason = "waits: the access token cannot be read with this MOCA_SECRET_KEY: give Moca the token again";
    await letWait(work, { until: addMs(deps.store.now(), deps.timings.recheckMs), reason }, deps);
    return undefined;
  }
}
