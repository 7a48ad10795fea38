/** Every crash point and every order of reply, echo and read-back, on a virtual clock. The world's record is the judge. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Fate, type Mistake, OnceWorld, type Pause, type Story } from "@/outbound/testing/once_world.ts";
import { defaultTimings } from "@/outbound/timings.ts";

const fate: fc.Arbitrary<Fate> = fc.record({
  crash: fc.constantFrom("none", "none", "beforePost", "afterPost", "beforeRecord"),
  applies: fc.boolean(),
  reply: fc.constantFrom("truth", "unreadable", "refused", "none"),
  replyMs: fc.integer({ min: 0, max: defaultTimings.requestMs - 1 }),
  lateMs: fc.constantFrom(0, 1, 14_000, 16_000, 40_000, 64_000),
  echoesMs: fc.array(fc.constantFrom(0, 1, 200, 14_999, 30_000, 76_000, 90_000, 200_000), { maxLength: 2 }),
});

const pause: fc.Arbitrary<Pause> = fc.record(
  { ms: fc.constantFrom(0, 0, 5, 50, 3_000), otherMs: fc.constantFrom(1, 40, 2_000) },
  { requiredKeys: ["ms"] },
);

const story: fc.Arbitrary<Story> = fc.record({
  texts: fc.constantFrom(["one"], ["one", "two"], ["same", "same"], ["one", "two", "one"]),
  fates: fc.array(fate, { maxLength: 6 }),
  pauses: fc.array(pause, { maxLength: 12 }),
  writesOn: fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 2 }),
  isReadable: fc.constantFrom(true, true, true, false),
});

/** Lives the story through; throws where something arrived twice, out of order, or is told otherwise than it was. */
function live(told: Story, mistake?: Mistake): OnceWorld {
  const world = new OnceWorld(told, mistake);
  world.live();
  const items = [...world.ledger.items.values()];
  for (const item of items) {
    const mine = world.applied.filter(({ itemId }) => itemId === item.id);
    assert.ok(mine.length <= 1, `${item.text} arrived ${mine.length} times`);
    if (item.state === "sent") assert.equal(mine.length, 1, "what is sent has arrived");
    else assert.ok(mine.length === 0 || item.state === "held", `what arrived is sent or held, not ${item.state}`);
    const isEchoed = mine.some(({ mid }) => world.echoed.has(mid));
    if (isEchoed) assert.equal(item.state, "sent", "what Instagram sent a copy of is known to have arrived");
  }
  const { handler } = world.ledger.aggregate.conversation;
  assert.equal(handler.kind, "bot", "no copy of Moca's own counts as a person's");
  const order = world.applied.map(({ itemId }) => items.find(({ id }) => id === itemId)?.seq ?? 0);
  assert.deepEqual(order, order.toSorted((a, b) => a - b), "in order");
  return world;
}

Deno.test("over every crash point and every order of reply, echo and read-back nothing arrives twice (C7, C9, C14)", () => {
  const seen = { readBack: 0, echo: 0, released: 0, held: 0 };
  fc.assert(
    fc.property(story, (told) => {
      for (const item of live(told).ledger.items.values()) {
        for (const { outcome, evidence } of item.attempts) {
          if (outcome === "sent" && evidence === "readBack") seen.readBack += 1;
          if (outcome === "sent" && evidence === "echo") seen.echo += 1;
          if (outcome === "notDelivered") seen.released += 1;
        }
        if (item.state === "held") seen.held += 1;
      }
    }),
    { numRuns: 5_000 },
  );
  assert.ok(Object.values(seen).every((count) => count > 0), `each way was gone: ${JSON.stringify(seen)}`);
});

const twice = /arrived 2 times/;

/** What each would do wrong, and what of it is seen. */
const mistakes: Readonly<Record<Mistake, readonly [words: string, seen: RegExp]>> = {
  requeuesOnExpiry: ["queues a text again when its worker is gone, without settling what became of it", twice],
  retriesWithoutReading: ["tries again after an uncertain outcome without reading the thread", twice],
  waitsNotToSettle: ["reads the thread at once, while Instagram may still be at it", twice],
  ignoresEchoes: ["ignores the copies that Instagram sends", /is known to have arrived/],
  ignoresVersion: ["commits over what others wrote meanwhile", twice],
};

for (const [mistake, [words, seen]] of Object.entries(mistakes)) {
  Deno.test(`the judgement above catches a queue that ${words}`, () => {
    const property = fc.property(story, (told) => void live(told, mistake as Mistake));
    const { errorInstance } = fc.check(property, { numRuns: 2_000, seed: 1, endOnFailure: true });
    assert.ok(errorInstance instanceof assert.AssertionError, "no story showed it");
    assert.match(errorInstance.message, seen);
  });
}
