import { addMs } from "@/conversation/due_time.ts";
import type { SendAnswer } from "@/instagram/client.ts";
import { giveBackIntent, type Intent, writeIntent } from "@/outbound/intent.ts";
import { Lane, laneCapacity } from "@/outbound/lane.ts";
import { letWait } from "@/outbound/look.ts";
import type { ItemAtWork } from "@/outbound/next_step.ts";
import { type Claim, type OutboundDeps, waitUntil } from "@/outbound/outbound_deps.ts";
import { isFresh, type Pace, paceOf, postTime } from "@/outbound/pace.ts";
import { recordAnswer } from "@/outbound/record_answer.ts";
import { spareOf } from "@/outbound/timings.ts";

interface Post {
  readonly intent: Intent;
  readonly answer: Promise<SendAnswer>;
}

/** An intent does not wait longer for its POST: meanwhile nobody could stop it (C13). */
const longestLeadMs = 1_000;

/** Sends queued items: slot, last look, intent, POST, record. */
export class Sender {
  readonly #deps: OutboundDeps;
  readonly #lanes = new Map<string, { readonly lane: Lane; intervalMs: number }>();
  /** How long before its slot an item is looked at: as long as writing the last intent took, and a little. */
  #leadMs: number;

  constructor(deps: OutboundDeps) {
    this.#deps = deps;
    this.#leadMs = deps.timings.leadMs;
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
    const pace = paceOf(work.perSecond, timings.slotAgeMs);
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

  /**
   * Takes a slot and begins the POST in it; undefined when there is nothing to send after all. An item whose lease
   * grew old in the lane leaves it at once, to be claimed anew: an intent that comes too late would hold up the next
   * until theirs are too old as well.
   */
  async #startPost(
    claim: Claim,
    work: ItemAtWork,
    { lane, pace }: { readonly lane: Lane; readonly pace: Pace },
  ): Promise<Post | undefined> {
    if (!this.#hasTime(claim)) return undefined;
    const slot = await lane.takeSlot(pace, this.#deps.store.now());
    if (this.#isFar(slot)) {
      lane.keepSlot(slot);
      await letWait(work, { until: slot }, this.#deps);
      return undefined;
    }
    await waitUntil(addMs(slot, -this.#leadMs), this.#deps);
    const isWanted = !this.#deps.stopping.aborted && this.#hasTime(claim);
    const intent = isWanted ? await this.#writeIntent(claim, work) : undefined;
    if (intent !== undefined) return await this.#postInSlot(claim, intent, { lane, pace, slot });
    lane.keepSlot(slot);
    return undefined;
  }

  async #writeIntent(claim: Claim, work: ItemAtWork): Promise<Intent | undefined> {
    const { store, timings } = this.#deps;
    const startedAt = store.now();
    const intent = await writeIntent(claim.id, work.item.id, this.#deps);
    const tookMs = store.now().getTime() - startedAt.getTime();
    this.#leadMs = Math.min(longestLeadMs, spareOf(timings), timings.leadMs + tookMs);
    return intent;
  }

  #isFar(slot: Date): boolean {
    return slot > addMs(this.#deps.store.now(), this.#deps.timings.slotWaitMs);
  }

  /** Waits for the slot and POSTs in it; a slot that was missed is thrown away for another (C10). */
  async #postInSlot(
    claim: Claim,
    intent: Intent,
    place: { readonly lane: Lane; readonly pace: Pace; readonly slot: Date },
  ): Promise<Post | undefined> {
    const { store } = this.#deps;
    let { slot } = place;
    while (slot <= addMs(store.now(), longestLeadMs)) {
      await waitUntil(postTime(slot, place.pace, place.lane.usedAt), this.#deps);
      const now = store.now();
      if (!this.#mayPost(claim, intent, now)) break;
      if (isFresh(slot, place.pace, now)) {
        place.lane.usedAt = now;
        return { intent, answer: this.#post(intent, now) };
      }
      slot = await place.lane.takeSlot(place.pace, now);
    }
    place.lane.keepSlot(slot);
    await giveBackIntent(intent, this.#deps);
    return undefined;
  }

  /** Whether a POST that begins at `now` ends while the lease is still ours and its intent is still awaited. */
  #mayPost(claim: Claim, intent: Intent, now: Date): boolean {
    return !this.#deps.stopping.aborted && now < intent.deadlineAt && this.#endsInTime(claim, now);
  }

  /** Whether there is time to write an intent now, and to POST after it. */
  #hasTime(claim: Claim): boolean {
    return this.#endsInTime(claim, addMs(this.#deps.store.now(), this.#leadMs));
  }

  /** Whether a POST that begins at `at` ends while the lease is still ours. */
  #endsInTime(claim: Claim, at: Date): boolean {
    return addMs(at, this.#deps.timings.requestMs) <= claim.trustedUntil;
  }

  #post({ item, token, deadlineAt }: Intent, now: Date): Promise<SendAnswer> {
    const { accountId, psid, text, tag, quickReplies } = item;
    const timeoutMs = deadlineAt.getTime() - now.getTime();
    const extras = { ...(tag && { tag }), ...(quickReplies && { quickReplies }) };
    return this.#deps.instagram.sendText({ accountId, psid, text, token, timeoutMs, ...extras });
  }
}
