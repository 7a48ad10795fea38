import { startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { beginSend, recordSend } from "@/conversation/send.ts";
import type { SendAnswer } from "@/instagram/client.ts";
import { Lane, laneCapacity } from "@/outbound/lane.ts";
import { letWait, look, openToken } from "@/outbound/look.ts";
import type { ItemAtWork } from "@/outbound/next_step.ts";
import { type Claim, type OutboundDeps, waitUntil } from "@/outbound/outbound_deps.ts";
import { isFresh, type Pace, paceOf } from "@/outbound/pace.ts";
import { recordAnswer } from "@/outbound/record_answer.ts";
import { commitTruth } from "@/outbound/commit_truth.ts";

/** An item whose intent is written: exactly one POST may follow. */
export interface Intent extends ItemAtWork {
  readonly token: string;
  /** The number that the POST's result is told by. */
  readonly attempt: number;
  readonly begunAt: Date;
  readonly deadlineAt: Date;
}

interface Post {
  readonly intent: Intent;
  readonly answer: Promise<SendAnswer>;
}

/** How often an intent is tried to be written before the conversation is left to the next claim. */
const maxIntentTries = 5;

/** Sends queued items: slot, last look, intent, POST, record. */
export class Sender {
  readonly #deps: OutboundDeps;
  readonly #lanes = new Map<string, { readonly lane: Lane; intervalMs: number }>();

  constructor(deps: OutboundDeps) {
    this.#deps = deps;
  }

  /** How many more items of the account may wait for a slot; undefined when none was ever sent. */
  roomOf(accountId: string): number | undefined {
    const known = this.#lanes.get(accountId);
    return known && laneCapacity(known.intervalMs, this.#deps.timings.slotWaitMs) - known.lane.waiting;
  }

  /** How many items wait for a slot. */
  get waiting(): number {
    return [...this.#lanes.values()].reduce((sum, { lane }) => sum + lane.waiting, 0);
  }

  /**
   * Sends a conversation's head item, or lets it wait when its slot is far. Resolves when the result is
   * recorded. `entered` is called once the item stands in the lane.
   */
  async send(claim: Claim, work: ItemAtWork, entered: () => void): Promise<void> {
    const { timings, store } = this.#deps;
    const pace = paceOf(work.settings.sendsPerSecond, timings.slotAgeMs);
    const lane = this.#laneOf(work.account.id, pace);
    const backlogMs = lane.waiting * pace.intervalMs;
    if (lane.waiting >= laneCapacity(pace.intervalMs, timings.slotWaitMs)) {
      return await letWait(work, { until: addMs(store.now(), backlogMs) }, this.#deps);
    }
    const turn = lane.inTurn(() => this.#startPost(claim, work, { lane, pace }));
    entered();
    const post = await turn;
    if (post !== undefined) await recordAnswer(post.intent, await post.answer, this.#deps);
  }

  #laneOf(accountId: string, { intervalMs }: Pace): Lane {
    const known = this.#lanes.get(accountId) ?? { lane: new Lane(accountId, this.#deps.store.limits), intervalMs };
    known.intervalMs = intervalMs;
    this.#lanes.set(accountId, known);
    return known.lane;
  }

  /** Takes a slot and begins the POST in it; undefined when there is nothing to send after all. */
  async #startPost(
    claim: Claim,
    work: ItemAtWork,
    { lane, pace }: { readonly lane: Lane; readonly pace: Pace },
  ): Promise<Post | undefined> {
    if (this.#deps.stopping.aborted) return undefined;
    const slot = await lane.takeSlot(pace, this.#deps.store.now());
    if (this.#isFar(slot)) {
      lane.keepSlot(slot);
      await letWait(work, { until: slot }, this.#deps);
      return undefined;
    }
    await waitUntil(addMs(slot, -this.#deps.timings.leadMs), this.#deps);
    const intent = this.#deps.stopping.aborted ? undefined : await this.#writeIntent(claim.id, work.item.id);
    if (intent !== undefined) return await this.#postInSlot(claim, intent, { lane, pace, slot });
    lane.keepSlot(slot);
    return undefined;
  }

  #isFar(slot: Date): boolean {
    return slot > addMs(this.#deps.store.now(), this.#deps.timings.slotWaitMs);
  }

  /** Looks a last time and writes the intent (C8, C11, C13); undefined when the item is not to be sent now. */
  async #writeIntent(id: string, itemId: string): Promise<Intent | undefined> {
    const { store, timings } = this.#deps;
    for (let tries = 0; tries < maxIntentTries; tries++) {
      const step = await look(id, this.#deps);
      if (step.kind === "write") await store.conversations.commit(step.change);
      if (step.kind !== "send" || step.item.id !== itemId) return undefined;
      const token = await openToken(step, this.#deps);
      if (token === undefined) return undefined;
      const now = store.now();
      const change = beginSend(step.change, itemId, { now, requestMs: timings.requestMs });
      if (change === undefined) return undefined;
      const isWritten = await store.conversations.commit(change) === "committed";
      const attempt = step.item.attempt + 1;
      if (isWritten) return { ...step, token, attempt, begunAt: now, deadlineAt: addMs(now, timings.requestMs) };
    }
    return undefined;
  }

  /** Waits for the slot and POSTs in it; a slot that was missed is thrown away for another (C10). */
  async #postInSlot(
    claim: Claim,
    intent: Intent,
    place: { readonly lane: Lane; readonly pace: Pace; readonly slot: Date },
  ): Promise<Post | undefined> {
    const { store } = this.#deps;
    for (let { slot } = place;;) {
      if (this.#isFar(slot)) break;
      await waitUntil(slot, this.#deps);
      const now = store.now();
      if (!this.#mayPost(claim, intent, now)) break;
      if (isFresh(slot, place.pace, now)) return { intent, answer: this.#post(intent, now) };
      slot = await place.lane.takeSlot(place.pace, now);
    }
    await this.#giveBack(intent);
    return undefined;
  }

  /** Whether a POST that begins at `now` ends while the lease is still ours and its intent is still awaited. */
  #mayPost(claim: Claim, intent: Intent, now: Date): boolean {
    const { timings, stopping } = this.#deps;
    return !stopping.aborted && now < intent.deadlineAt && addMs(now, timings.requestMs) <= claim.trustedUntil;
  }

  #post({ item, token, deadlineAt }: Intent, now: Date): Promise<SendAnswer> {
    const { accountId, psid, text, tag } = item;
    const timeoutMs = deadlineAt.getTime() - now.getTime();
    return this.#deps.instagram.sendText({ accountId, psid, text, token, timeoutMs, ...(tag && { tag }) });
  }

  /** The intent was written and no POST was made: the item waits as before. */
  async #giveBack({ item, attempt, settings }: Intent): Promise<void> {
    const { store } = this.#deps;
    const error = { message: "its slot was missed" };
    await commitTruth(item.conversationId, (aggregate) => {
      const now = store.now();
      const result = { kind: "retry" as const, at: now, spent: false, error };
      return recordSend(startChange(aggregate), result, { itemId: item.id, attempt, rows: [], settings, now });
    }, this.#deps);
  }
}
