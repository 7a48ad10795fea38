import { startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { type Finding, settleSend } from "@/conversation/send.ts";
import type { ThreadAnswer } from "@/instagram/client.ts";
import { commitTruth } from "@/outbound/commit_truth.ts";
import { candidatesFor, findInThread } from "@/outbound/find_in_thread.ts";
import { Lane, laneCapacity } from "@/outbound/lane.ts";
import { letWait, openToken } from "@/outbound/look.ts";
import type { ItemAtWork } from "@/outbound/next_step.ts";
import { type OutboundDeps, waitUntil } from "@/outbound/outbound_deps.ts";
import type { Message } from "@/store/records.ts";

/** Settles items of unknown outcome by reading the thread (C7, C14). Reading has slots of its own. */
export class Settler {
  readonly #deps: OutboundDeps;
  readonly #lanes = new Map<string, Lane>();

  constructor(deps: OutboundDeps) {
    this.#deps = deps;
  }

  /** Reads the thread of an uncertain item and records what it says; lets it wait when others read before it. */
  async settle(work: ItemAtWork): Promise<void> {
    const { timings } = this.#deps;
    const lane = this.#laneOf(work.account.id);
    if (lane.waiting >= laneCapacity(timings.readIntervalMs, timings.slotWaitMs)) return await this.#waitLonger(work);
    const answer = await lane.inTurn(() => this.#read(work, lane));
    if (answer !== undefined) await this.#record(work, answer);
  }

  #laneOf(accountId: string): Lane {
    const lane = this.#lanes.get(accountId) ?? new Lane(`${accountId}:read`, this.#deps.store.limits);
    this.#lanes.set(accountId, lane);
    return lane;
  }

  async #read(work: ItemAtWork, lane: Lane): Promise<ThreadAnswer | undefined> {
    const { timings, store, instagram, stopping } = this.#deps;
    const pace = { intervalMs: timings.readIntervalMs, toleranceMs: timings.slotAgeMs, gapMs: 0 };
    const slot = await lane.takeSlot(pace, store.now());
    if (slot > addMs(store.now(), timings.slotWaitMs)) {
      lane.keepSlot(slot);
      await letWait(work, { until: slot }, this.#deps);
      return undefined;
    }
    await waitUntil(slot, this.#deps);
    const token = stopping.aborted ? undefined : await openToken(work, this.#deps);
    const { account, item } = work;
    return token === undefined
      ? undefined
      : await instagram.readThread({ accountId: account.id, psid: item.psid, token });
  }

  /** Chance spreads those that wait, so that they do not all come back at once. */
  #waitLonger(work: ItemAtWork): Promise<void> {
    const { store, timings, random } = this.#deps;
    return letWait(work, { until: addMs(store.now(), timings.slotWaitMs * (1 + random())) }, this.#deps);
  }

  async #record({ item, settings }: ItemAtWork, answer: ThreadAnswer): Promise<void> {
    const { store } = this.#deps;
    await commitTruth(item.conversationId, async (aggregate) => {
      const open = aggregate.outbound.find(({ id }) => id === item.id);
      if (open?.state !== "uncertain" || open.attempt !== item.attempt) return undefined;
      const mids = answer.kind === "read" ? candidatesFor(open, answer.messages).map(({ mid }) => mid) : [];
      const rows = mids.length === 0 ? [] : await store.messages.related(item.accountId, mids);
      const finding = this.#findingOf(answer, open, rows);
      return settleSend(startChange(aggregate), open, finding, { rows, settings, now: store.now() });
    }, this.#deps);
  }

  #findingOf(answer: ThreadAnswer, item: ItemAtWork["item"], known: readonly Message[]): Finding {
    if (answer.kind === "read") return findInThread(item, answer.messages, known);
    const { store, timings } = this.#deps;
    const waitMs = Math.max(timings.readRetryMs, answer.retryAfterMs ?? 0);
    const retryAt = addMs(store.now(), waitMs);
    return { kind: "unreadable", retryAt, message: answer.message };
  }
}
