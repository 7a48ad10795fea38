import assert from "node:assert/strict";
import fc from "fast-check";
import type { SendAnswer } from "@/instagram/client.ts";
import { backoffMs, judge, type JudgeContext, maxSpentTries } from "@/outbound/retry_policy.ts";
import { defaultTimings } from "@/outbound/timings.ts";

const now = new Date("2026-11-24T12:00:00Z");
const error = { message: "it went wrong", code: 1 };
const after = (ms: number): Date => new Date(now.getTime() + ms);

function contextOf(patch: Partial<JudgeContext> = {}): JudgeContext {
  return { spent: 0, strikes: 0, deadlineAt: after(9_000), now, random: () => 1, timings: defaultTimings, ...patch };
}

function refused(errorClass: Extract<SendAnswer, { kind: "refused" }>["class"]): SendAnswer {
  return { kind: "refused", class: errorClass, error, unlisted: false };
}

Deno.test("backoffMs() doubles up to its cap, and chance only shortens it, by a fifth at most", () => {
  const pauses = [0, 1, 2, 20].map((failures) =>
    backoffMs({ baseMs: 1_000, capMs: 300_000, failures, random: () => 1 })
  );
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 300_000]);
  fc.assert(fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
    const pause = backoffMs({ baseMs: 1_000, capMs: 300_000, failures, random: () => chance });
    assert.ok(pause >= 800 && pause <= 300_000);
  }));
});

Deno.test("judge() tries again later what never reached Instagram, and counts the try", () => {
  const { result } = judge({ kind: "notSent", error }, contextOf({ spent: 2 }));
  assert.deepEqual(result, { kind: "retry", at: after(4_000), spent: true, error });
});

Deno.test("judge() gives up what never reached Instagram eight times", () => {
  const kinds = Array.from(
    { length: maxSpentTries },
    (_, spent) => judge({ kind: "notSent", error }, contextOf({ spent })).result.kind,
  );
  assert.deepEqual(kinds, [...Array(7).fill("retry"), "failed"]);
});

Deno.test("judge() pauses a throttled account longer each time, and spends no try", () => {
  const pauses = [0, 1, 2, 9].map((strikes) =>
    judge({ kind: "throttled", error, unlisted: false }, contextOf({ strikes, spent: 7 }))
  );
  assert.deepEqual(pauses.map(({ pause }) => pause?.kind === "throttle" && pause.until), [
    after(30_000),
    after(60_000),
    after(120_000),
    after(900_000),
  ]);
  for (const { result } of pauses) assert.ok(result.kind === "retry" && !result.spent);
});

Deno.test("judge() leaves a throttled account alone for as long as Instagram says, never less", () => {
  for (const chance of [0, 1]) {
    const answer: SendAnswer = { kind: "throttled", error, retryAfterMs: 40_000, unlisted: false };
    const { pause } = judge(answer, contextOf({ random: () => chance }));
    assert.deepEqual(pause, { kind: "throttle", until: after(40_000 + 4_000 * chance), reason: error.message });
  }
});

for (const errorClass of ["token", "config", "pause"] as const) {
  Deno.test(`judge() pauses the account on class ${errorClass} and keeps the item`, () => {
    const { result, pause } = judge(refused(errorClass), contextOf());
    assert.deepEqual(pause, { kind: "account", reason: error.message });
    assert.deepEqual(result, { kind: "retry", at: after(60_000), spent: false, error });
  });
}

Deno.test("judge() tries 1/99 once more before it takes it for a missing permission", () => {
  const perhaps: SendAnswer = { kind: "refused", class: "config", error: { ...error, subcode: 99 }, unlisted: false };
  const first = judge(perhaps, contextOf());
  assert.deepEqual([first.result.kind, first.pause], ["retry", undefined]);
  assert.deepEqual(judge(perhaps, contextOf({ spent: 1 })).pause, { kind: "account", reason: error.message });
});

Deno.test("judge() lets an item expire when Instagram's window is closed", () => {
  assert.deepEqual(judge(refused("window"), contextOf()), {
    result: { kind: "expired", reason: error.message, error },
  });
});

for (const errorClass of ["recipient", "fail"] as const) {
  Deno.test(`judge() gives an item up on class ${errorClass}`, () => {
    assert.deepEqual(judge(refused(errorClass), contextOf()), {
      result: { kind: "failed", reason: error.message, error },
    });
  });
}

Deno.test("judge() reads the thread 20 s after an answer that leaves it open, 60 s after the deadline without one (C7)", () => {
  const open = (answered: boolean, patch?: Partial<JudgeContext>): unknown => {
    const { result } = judge({ kind: "unknown", answered, error, unlisted: false }, contextOf(patch));
    return result.kind === "uncertain" && result.settleAt;
  };
  assert.deepEqual(open(true), after(20_000));
  assert.deepEqual(open(false), after(69_000));
  assert.deepEqual(open(false, { deadlineAt: after(-5_000) }), after(60_000));
});
