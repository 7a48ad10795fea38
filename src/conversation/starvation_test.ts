import assert from "node:assert/strict";
import fc from "fast-check";
import { headItem } from "@/conversation/outbound_items.ts";
import { beginSend, sendGate } from "@/conversation/send.ts";
import { after, Ledger, replyWith, textEvent } from "@/conversation/testing.ts";

interface Typing {
  /** Pauses between the contact's messages, used over and over: they never stop. */
  readonly gaps: readonly number[];
  /** From taking the snapshot to the commit. */
  readonly decisionMs: number;
  /** From the commit to the first POST. */
  readonly sendMs: number;
}

const settings = { debounceMs: 3_500, debounceMaxMs: 20_000 };
const tickMs = 50;

/** Lives through it in steps of 50 ms; answers when the first POST began, in milliseconds after the first message. */
function answeredAfter({ gaps, decisionMs, sendMs }: Typing): number | undefined {
  const ledger = new Ledger(settings);
  let next = { at: 0, count: 0 };
  let deciding: { id: string; endsAt: number } | undefined;
  let queuedAt: number | undefined;
  for (let ms = 0; ms <= 300_000; ms += tickMs) {
    while (next.at <= ms) {
      ledger.receive([textEvent(`m${next.count}`, { at: after(ms) })], after(ms));
      next = { at: next.at + (gaps[next.count % gaps.length] ?? tickMs), count: next.count + 1 };
    }
    if (deciding !== undefined && deciding.endsAt <= ms) {
      const outcome = ledger.decide(deciding.id, replyWith("Hi"), after(ms));
      if (outcome.kind === "committed") queuedAt = ms;
      deciding = undefined;
    }
    const head = headItem(ledger.aggregate.outbound);
    if (head !== undefined && queuedAt !== undefined && queuedAt + sendMs <= ms) {
      const gate = sendGate(ledger.start(), head, ledger.settings, after(ms));
      const begun = beginSend(ledger.start(), head.id, { now: after(ms), requestMs: 1 });
      if (gate.kind === "go" && begun !== undefined) return ms;
    }
    if (deciding === undefined) {
      ledger.begin(`s${ms}`, after(ms));
      const isBegun = ledger.aggregate.debounce.snapshot?.id === `s${ms}`;
      if (isBegun) deciding = { id: `s${ms}`, endsAt: ms + decisionMs };
    }
  }
  return undefined;
}

const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: max / tickMs }).map((n) => n * tickMs);

Deno.test("a contact who types for ever is answered within twice debounceMaxMs and the time to decide and send (C19)", () => {
  const typing = fc.record({
    gaps: fc.array(ms(3_400), { minLength: 1, maxLength: 6 }),
    decisionMs: ms(15_000),
    sendMs: ms(2_000),
  });
  fc.assert(
    fc.property(typing, (one) => {
      const answered = answeredAfter(one);
      assert.ok(answered !== undefined, "never answered");
      assert.ok(answered <= 2 * settings.debounceMaxMs + one.decisionMs + 2 * one.sendMs, `after ${answered} ms`);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a contact who writes whenever an answer is about to leave is answered all the same (C19)", () => {
  const answered = answeredAfter({ gaps: [500], decisionMs: 100, sendMs: 1_000 });
  assert.ok(answered !== undefined && answered <= 42_100, `after ${answered} ms`);
});
