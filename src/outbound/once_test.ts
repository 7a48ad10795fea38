/**
 * Every crash point and every order of reply, echo and read-back, on a virtual clock: a world that delivers or does
 * not, and the queue's own functions in front of it. The world's record is the judge.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { addMs } from "@/conversation/due_time.ts";
import { headItem } from "@/conversation/outbound_items.ts";
import { beginSend, recordSend, type SendResult, settleSend, timeOutSend } from "@/conversation/send.ts";
import { after, answeredLedger, echoEvent, type Ledger, textEvent } from "@/conversation/testing.ts";
import type { SendAnswer, ThreadMessage } from "@/instagram/client.ts";
import { candidatesFor, findInThread } from "@/outbound/find_in_thread.ts";
import { judge } from "@/outbound/retry_policy.ts";
import { defaultTimings } from "@/outbound/timings.ts";
import type { OutboundItem } from "@/store/records.ts";

const { requestMs, settleMs } = defaultTimings;
const accountId = "17841400000000001";

/** The longest that a text may need to show in the thread, and to be applied after its answer was given up. */
const readLagMs = 10_000;

/** What happens to one POST. */
interface Fate {
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

interface Applied extends ThreadMessage {
  readonly itemId: string;
}

class World {
  readonly ledger: Ledger;
  readonly applied: Applied[] = [];
  readonly #events: { readonly at: Date; readonly run: () => void }[] = [];
  readonly #fates: Fate[];
  now = after(4_000);

  constructor(texts: readonly string[], fates: readonly Fate[]) {
    this.ledger = answeredLedger(texts);
    this.#fates = [...fates];
  }

  at(at: Date, run: () => void): void {
    this.#events.push({ at, run });
    this.#events.sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  /** Lets everything happen in its order until nothing is planned any more. */
  live(): void {
    for (let steps = 0; steps < 500; steps += 1) {
      const { dueAt } = this.ledger.aggregate.conversation;
      const event = this.#events[0];
      if (event === undefined && dueAt === undefined) return;
      const isEvents = event !== undefined && (dueAt === undefined || event.at <= dueAt);
      const at = isEvents ? event.at : dueAt ?? this.now;
      this.now = at > this.now ? at : this.now;
      if (isEvents) this.#events.shift()?.run();
      else this.#work();
    }
    assert.fail("the queue does not come to rest");
  }

  /** What a worker does with the head of the queue. */
  #work(): void {
    const head = headItem(this.ledger.aggregate.outbound);
    assert.ok(head !== undefined, "something is due");
    if (head.state === "queued") return this.#send(head);
    if (head.state === "uncertain") return this.#readBack(head);
    this.ledger.commit(timeOutSend(this.ledger.start(), head, { now: this.now, settleMs }));
  }

  #send(item: OutboundItem): void {
    const begun = beginSend(this.ledger.start(), item.id, { now: this.now, requestMs });
    assert.ok(begun !== undefined, "what is due can be begun");
    this.ledger.commit(begun);
    const fate = this.#fates.shift();
    if (fate === undefined) return this.#answer(item, this.#deliver(item, [0]), this.now);
    if (fate.crash === "beforePost") return;
    const isAnswered = fate.reply !== "none";
    const willApply = fate.applies && fate.reply !== "refused";
    const delayMs = isAnswered ? 0 : Math.min(fate.lateMs, requestMs + settleMs - readLagMs - 1);
    if (!willApply) return this.#reply(item, fate, undefined);
    if (delayMs === 0) return this.#reply(item, fate, this.#deliver(item, fate.echoesMs));
    this.at(addMs(this.now, delayMs), () => this.#deliver(item, fate.echoesMs));
  }

  #reply(item: OutboundItem, fate: Fate, mid: string | undefined): void {
    if (fate.crash !== "none" || fate.reply === "none") return;
    const error = { message: "no" };
    const answer: SendAnswer = fate.reply === "refused"
      ? { kind: "notSent", error }
      : fate.reply === "truth" && mid !== undefined
      ? { kind: "sent", mid }
      : { kind: "unknown", answered: true, error: { message: "?", status: 500 }, unlisted: false };
    const { attempt } = this.ledger.item(item.seq);
    const begunAt = this.now;
    this.at(addMs(this.now, fate.replyMs), () => this.#record(item, judged(answer, item, begunAt, this.now), attempt));
  }

  #answer(item: OutboundItem, mid: string, at: Date): void {
    const { attempt } = this.ledger.item(item.seq);
    this.at(at, () => this.#record(item, { kind: "sent", mid }, attempt));
  }

  #record(item: OutboundItem, result: SendResult, attempt: number): void {
    const { settings } = this.ledger;
    const options = { itemId: item.id, attempt, rows: [], settings, now: this.now };
    this.ledger.commit(recordSend(this.ledger.start(), result, options));
  }

  /** The contact has the text. */
  #deliver({ id: itemId, text }: OutboundItem, echoesMs: readonly number[]): string {
    const mid = `x${this.applied.length + 1}`;
    const at = this.now;
    this.applied.push({ itemId, mid, at, fromId: accountId, text });
    for (const ms of echoesMs) {
      this.at(addMs(at, ms), () => this.ledger.receive([echoEvent(mid, { text, at })], this.now));
    }
    return mid;
  }

  #readBack(item: OutboundItem): void {
    const shown = this.applied.filter(({ at }) => addMs(at, readLagMs) <= this.now).toReversed();
    const mids = candidatesFor(item, shown).map(({ mid }) => mid);
    const rows = [...this.ledger.messages.values()].filter(({ mid }) => mid !== undefined && mids.includes(mid));
    const finding = findInThread(item, shown, rows);
    const options = { rows, settings: this.ledger.settings, now: this.now };
    this.ledger.commit(settleSend(this.ledger.start(), item, finding, options));
  }
}

function judged(answer: SendAnswer, item: OutboundItem, begunAt: Date, now: Date): SendResult {
  const deadlineAt = addMs(begunAt, requestMs);
  const context = { spent: item.spent, strikes: 0, deadlineAt, now, random: () => 1, timings: defaultTimings };
  return judge(answer, context).result;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  crash: fc.constantFrom("none", "none", "beforePost", "afterPost", "beforeRecord"),
  applies: fc.boolean(),
  reply: fc.constantFrom("truth", "unreadable", "refused", "none"),
  replyMs: fc.integer({ min: 0, max: requestMs - 1 }),
  lateMs: fc.constantFrom(0, 1, 14_000, 16_000, 40_000, 64_000),
  echoesMs: fc.array(fc.constantFrom(0, 1, 200, 14_999, 30_000, 76_000, 90_000, 200_000), { maxLength: 2 }),
});

const texts = fc.constantFrom(["one"], ["one", "two"], ["same", "same"], ["one", "two", "one"]);
const story = fc.record({
  texts,
  fates: fc.array(fate, { maxLength: 6 }),
  /** When the contact writes on; the bot answers nothing more. */
  writesOn: fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 2 }),
});

Deno.test("over every crash point and every order of reply, echo and read-back nothing arrives twice (C7, C9, C14)", () => {
  const seen = { readBack: 0, echo: 0, released: 0, held: 0 };
  fc.assert(
    fc.property(story, ({ texts, fates, writesOn }) => {
      const world = new World(texts, fates);
      for (const [index, ms] of writesOn.entries()) {
        const at = addMs(world.now, ms);
        world.at(at, () => world.ledger.receive([textEvent(`more${index}`, { at })], world.now));
      }
      world.live();
      const items = [...world.ledger.items.values()];
      for (const item of items) {
        const times = world.applied.filter(({ itemId }) => itemId === item.id).length;
        assert.ok(times <= 1, `${item.text} arrived ${times} times`);
        if (item.state === "sent") assert.equal(times, 1, "what is sent has arrived");
        else assert.ok(times === 0 || item.state === "held", `what arrived is sent or held, not ${item.state}`);
        for (const { outcome, evidence } of item.attempts) {
          if (outcome === "sent" && evidence === "readBack") seen.readBack += 1;
          if (outcome === "sent" && evidence === "echo") seen.echo += 1;
          if (outcome === "notDelivered") seen.released += 1;
        }
        if (item.state === "held") seen.held += 1;
      }
      const order = world.applied.map(({ itemId }) => items.find(({ id }) => id === itemId)?.seq ?? 0);
      assert.deepEqual(order, order.toSorted((a, b) => a - b), "in order");
    }),
    { numRuns: 2_000 },
  );
  assert.ok(Object.values(seen).every((count) => count > 0), `each way was gone: ${JSON.stringify(seen)}`);
});
