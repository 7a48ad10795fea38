import { startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { beginSend, recordSend, type SendResult } from "@/conversation/send.ts";
import { commitTruth } from "@/outbound/commit_truth.ts";
import { look, openToken } from "@/outbound/look.ts";
import type { ItemAtWork } from "@/outbound/next_step.ts";
import type { OutboundDeps } from "@/outbound/outbound_deps.ts";

/** An item whose intent is written: exactly one POST may follow. */
export interface Intent extends ItemAtWork {
  readonly token: string;
  /** The number that the POST's result is told by. */
  readonly attempt: number;
  readonly begunAt: Date;
  readonly deadlineAt: Date;
}

/** How often an intent is tried to be written before the conversation is left to the next claim. */
const maxTries = 5;

/** Looks a last time and writes the intent (C8, C11, C13); undefined when the item is not to be sent now. */
export async function writeIntent(id: string, itemId: string, deps: OutboundDeps): Promise<Intent | undefined> {
  for (let tries = 0; tries < maxTries; tries++) {
    const step = await look(id, deps);
    if (step.kind === "write") await deps.store.conversations.commit(step.change);
    if (step.kind !== "send" || step.item.id !== itemId) return undefined;
    const token = await openToken(step, deps);
    const intent = token === undefined ? undefined : await commitIntent(step, token, deps);
    if (intent !== "conflict") return intent;
  }
  return undefined;
}

async function commitIntent(
  work: ItemAtWork,
  token: string,
  { store, timings: { requestMs } }: OutboundDeps,
): Promise<Intent | undefined | "conflict"> {
  const begunAt = store.now();
  const change = beginSend(work.change, work.item.id, { now: begunAt, requestMs });
  if (change === undefined) return undefined;
  if (await store.conversations.commit(change) === "conflict") return "conflict";
  return { ...work, token, attempt: work.item.attempt + 1, begunAt, deadlineAt: addMs(begunAt, requestMs) };
}

/** No POST followed the intent: the item waits as before, and no try is counted. */
export async function giveBackIntent({ item, attempt, settings }: Intent, deps: OutboundDeps): Promise<void> {
  await commitTruth(item.conversationId, (aggregate) => {
    const now = deps.store.now();
    const result: SendResult = { kind: "retry", at: now, spent: false, error: { message: "its slot was missed" } };
    return recordSend(startChange(aggregate), result, { itemId: item.id, attempt, rows: [], settings, now });
  }, deps);
}
