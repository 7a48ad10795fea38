/**
 * A virtual world for one conversation's queue: Instagram, which delivers or does not, and in front of it two workers
 * and the ingest, made of the queue's own functions. Each looks at the conversation, and commits a while later what it
 * makes of it; between the two anything may happen.
 */
import assert from "node:assert/strict";
import { type Change, startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { headItem } from "@/conversation/outbound_items.ts";
import { receive } from "@/conversation/receive.ts";
import { beginSend, type Finding, recordSend, type SendResult, settleSend, timeOutSend } from "@/conversation/send.ts";
import { after, answeredLedger, echoEvent, type Ledger, textEvent } from "@/conversation/testing.ts";
import type { SendAnswer, ThreadMessage } from "@/instagram/client.ts";
import { candidatesFor, findInThread } from "@/outbound/find_in_thread.ts";
import { judge } from "@/outbound/retry_policy.ts";
import { defaultTimings } from "@/outbound/timings.ts";
import type { OutboundItem } from "@/store/records.ts";

const { requestMs } = defaultTimings;
const accountId = "17841400000000001";

/** The longest that a text may need to show in the thread, and to be applied after its answer was given up. */
const readLagMs = 10_000;

/** What happens to one POST. */
export interface Fate {
  /** `beforePost`: the intent is written, nothing leaves. `beforeRecord`: the answer is read and lost. */
  readonly crash: "none" | "beforePost" | "afterPost" | "beforeRecord";
  readonly applies: boolean;
  readonly reply: "truth" | "unreadable" | "refused" | "none";
  readonly replyMs: number;
  /** Without an answer a slow server may deliver so much later. */
  readonly lateMs: number;
  /** When echoes come, counted from the delivery. */
  readonly echoesMs: readonly number[];
}

/** What a worker, or the ingest, makes of a conversation: how long it takes, and who does the same beside it. */
export interface Pause {
  readonly ms: number;
  /** Another worker, which also believes that the conversation is its own, needs so long for the same. */
  readonly otherMs?: number;
}

/** How the queue could be wrong. Each must break what the test asserts. */
export type Mistake =
  | "requeuesOnExpiry"
  | "retriesWithoutReading"
  | "waitsNotToSettle"
  | "ignoresEchoes"
  | "ignoresVersion";

export interface Story {
  readonly texts: readonly string[];
  readonly fates: readonly Fate[];
  readonly pauses: readonly Pause[];
  /** When the contact writes on; the bot answers nothing more. */
  readonly writesOn: readonly number[];
  /** Whether Instagram lets the thread be read. */
  readonly isReadable: boolean;
}

interface Applied extends ThreadMessage {
  readonly itemId: string;
}

type Apply = (change: Change) => Change | undefined;

export class OnceWorld {
  readonly ledger: Ledger;
  readonly applied: Applied[] = [];
  /** Message ids that came by echo. */
  readonly echoed = new Set<string>();
  readonly #mistake?: Mistake;
  readonly #events: { readonly at: Date; readonly run: () => void }[] = [];
  readonly #fates: Fate[];
  readonly #pauses: Pause[];
  readonly #settleMs: number;
  readonly #isReadable: boolean;
  /** Until when nobody else takes the conversation up. */
  #heldUntil = after(0);
  now = after(4_000);

  constructor({ texts, fates, pauses, writesOn, isReadable }: Story, mistake?: Mistake) {
    this.ledger = answeredLedger(texts);
    this.#fates = [...fates];
    this.#pauses = [...pauses];
    this.#mistake = mistake;
    this.#isReadable = isReadable;
    this.#settleMs = mistake === "waitsNotToSettle" ? 0 : defaultTimings.settleMs;
    for (const [index, ms] of writesOn.entries()) {
      const at = addMs(this.now, ms);
      this.#at(at, () => this.#take(textEvent(`more${index}`, { at })));
    }
  }

  /** Lets everything happen in its order until nothing is planned any more. */
  live(): void {
    for (let steps = 0; steps < 2_000; steps += 1) {
      const { dueAt } = this.ledger.aggregate.conversation;
      const event = this.#events[0];
      if (event === undefined && dueAt === undefined) return;
      const workAt = dueAt && (dueAt > this.#heldUntil ? dueAt : this.#heldUntil);
      const isEvents = event !== undefined && (workAt === undefined || event.at <= workAt);
      const at = isEvents ? event.at : workAt ?? this.now;
      this.now = at > this.now ? at : this.now;
      if (isEvents) this.#events.shift()?.run();
      else this.#work();
    }
    assert.fail("the queue does not come to rest");
  }

  #at(at: Date, run: () => void): void {
    this.#events.push({ at, run });
    this.#events.sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  #pause(): Pause {
    return this.#pauses.shift() ?? { ms: 0 };
  }

  /** What one worker, or two, make of the head of the queue. */
  #work(): void {
    const { ms, otherMs } = this.#pause();
    this.#heldUntil = addMs(this.now, ms);
    for (const takes of [ms, otherMs]) if (takes !== undefined) this.#workFor(takes);
  }

  #workFor(ms: number): void {
    const head = headItem(this.ledger.aggregate.outbound);
    assert.ok(head !== undefined, "something is due");
    if (head.state === "queued") return this.#send(head, ms);
    if (head.state === "uncertain") return this.#readBack(head, ms);
    const { now } = this;
    this.#once(ms, (change) => this.#timeOut(change, head, now));
  }

  #timeOut(change: Change, head: OutboundItem, now: Date): Change {
    if (this.#mistake !== "requeuesOnExpiry") return timeOutSend(change, head, { now, settleMs: this.#settleMs });
    const result = { kind: "retry", at: now, spent: true, error: { message: "no answer" } } as const;
    const { settings } = this.ledger;
    return recordSend(change, result, { itemId: head.id, attempt: head.attempt, rows: [], settings, now }) ?? change;
  }

  /** Looks now and commits in `ms`; a conversation that moved on meanwhile is left as it is. */
  #once(ms: number, apply: Apply, then = (): void => {}): void {
    const change = apply(this.ledger.start());
    if (change === undefined) return;
    this.#at(addMs(this.now, ms), () => {
      if (this.#commit(change)) then();
    });
  }

  /** The same for what is true: looks again until it is committed. */
  #truth(ms: number, apply: Apply): void {
    const change = apply(this.ledger.start());
    if (change === undefined) return;
    this.#at(addMs(this.now, ms), () => {
      if (!this.#commit(change)) this.#truth(0, apply);
    });
  }

  #commit(change: Change): boolean {
    const { aggregate } = this.ledger;
    const { ver } = aggregate.conversation;
    if (change.base.conversation.ver === ver) this.ledger.commit(change);
    else if (this.#mistake !== "ignoresVersion") return false;
    else this.ledger.commit({ ...change, next: withVersion(change.next, ver) });
    return true;
  }

  #send(item: OutboundItem, ms: number): void {
    const { now } = this;
    this.#once(ms, (change) => {
      const begun = beginSend(change, item.id, { now, requestMs });
      assert.ok(begun !== undefined, "what is due can be begun");
      return begun;
    }, () => this.#post(item, { attempt: item.attempt + 1, deadlineAt: addMs(now, requestMs) }));
  }

  #post(item: OutboundItem, intent: { readonly attempt: number; readonly deadlineAt: Date }): void {
    const fate = this.#fates.shift() ?? certain;
    if (fate.crash === "beforePost") return;
    const isAnswered = fate.reply !== "none";
    const willApply = fate.applies && fate.reply !== "refused";
    const delayMs = isAnswered ? 0 : Math.min(fate.lateMs, requestMs + defaultTimings.settleMs - readLagMs - 3_001);
    if (!willApply) return this.#reply(item, fate, intent);
    if (delayMs === 0) return this.#reply(item, fate, { ...intent, mid: this.#deliver(item, fate.echoesMs) });
    this.#at(addMs(this.now, delayMs), () => this.#deliver(item, fate.echoesMs));
  }

  #reply(
    item: OutboundItem,
    fate: Fate,
    { attempt, deadlineAt, mid }: { readonly attempt: number; readonly deadlineAt: Date; readonly mid?: string },
  ): void {
    if (fate.crash !== "none" || fate.reply === "none") return;
    const answer = answerOf(fate, mid);
    this.#at(addMs(this.now, Math.min(fate.replyMs, deadlineAt.getTime() - this.now.getTime())), () => {
      const result = judged(answer, item, deadlineAt, this.now);
      this.#truth(this.#pause().ms, (change) => this.#record(change, item, result, attempt));
    });
  }

  #record(change: Change, { id }: OutboundItem, result: SendResult, attempt: number): Change | undefined {
    const { settings } = this.ledger;
    return recordSend(change, result, { itemId: id, attempt, rows: this.#rows(), settings, now: this.now });
  }

  /** The contact has the text. */
  #deliver({ id: itemId, text }: OutboundItem, echoesMs: readonly number[]): string {
    const mid = `x${this.applied.length + 1}`;
    const at = this.now;
    this.applied.push({ itemId, mid, at, fromId: accountId, text });
    for (const ms of echoesMs) this.#at(addMs(at, ms), () => this.#hear(mid, text, at));
    return mid;
  }

  #hear(mid: string, text: string, at: Date): void {
    this.echoed.add(mid);
    if (this.#mistake !== "ignoresEchoes") this.#take(echoEvent(mid, { text, at }));
  }

  #take(event: ReturnType<typeof textEvent>): void {
    this.#truth(
      this.#pause().ms,
      (change) => receive(change, event, this.ledger.rowsFor(event), { settings: this.ledger.settings, now: this.now }),
    );
  }

  /** The thread is read now; what it says is looked at, and committed, as the conversation is then. */
  #readBack(item: OutboundItem, ms: number): void {
    const shown = this.#mistake === "retriesWithoutReading"
      ? []
      : this.applied.filter(({ at }) => addMs(at, readLagMs) <= this.now).toReversed();
    this.#truth(ms, (change) => {
      const open = change.next.outbound.find(({ id }) => id === item.id);
      if (open?.state !== "uncertain" || open.attempt !== item.attempt) return undefined;
      const mids = candidatesFor(open, shown).map(({ mid }) => mid);
      const rows = this.#rows().filter(({ mid }) => mid !== undefined && mids.includes(mid));
      const finding = this.#isReadable ? findInThread(open, shown, rows) : unreadable(this.now);
      return settleSend(change, open, finding, { rows, settings: this.ledger.settings, now: this.now });
    });
  }

  #rows(): ReturnType<Ledger["rowsFor"]> {
    return [...this.ledger.messages.values()];
  }
}

const certain: Fate = { crash: "none", applies: true, reply: "truth", replyMs: 0, lateMs: 0, echoesMs: [0] };

function unreadable(now: Date): Finding {
  return { kind: "unreadable", retryAt: addMs(now, defaultTimings.readRetryMs), message: "Instagram is away" };
}

function withVersion(next: Change["next"], ver: number): Change["next"] {
  return startChange({ ...next, conversation: { ...next.conversation, ver } }).next;
}

function answerOf({ reply }: Fate, mid: string | undefined): SendAnswer {
  const error = { message: "no" };
  if (reply === "refused") return { kind: "notSent", error };
  if (reply === "truth" && mid !== undefined) return { kind: "sent", mid };
  return { kind: "unknown", answered: true, error: { message: "?", status: 500 }, unlisted: false };
}

function judged(answer: SendAnswer, item: OutboundItem, deadlineAt: Date, now: Date): SendResult {
  const context = { spent: item.spent, strikes: 0, deadlineAt, now, random: () => 1, timings: defaultTimings };
  return judge(answer, context).result;
}
