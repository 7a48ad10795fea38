import assert from "node:assert/strict";
import { dueWarning, nextRefreshAt, refreshPauseMs, tokenDaysLeft } from "@/instagram/token_plan.ts";
import type { SealedToken } from "@/store/records.ts";

const given = new Date("2026-11-24T12:00:00Z");
const dayMs = 24 * 3_600_000;

function inDays(days: number): Date {
  return new Date(given.getTime() + days * dayMs);
}

function makeToken(patch: Partial<SealedToken> = {}): SealedToken {
  return { sealed: "sealed", ending: "0001", savedAt: given, ...patch };
}

Deno.test("a token is refreshed first when it is a day old, then weekly", () => {
  assert.deepEqual(nextRefreshAt(makeToken()), inDays(1));
  assert.deepEqual(nextRefreshAt(makeToken({ refreshedAt: inDays(1), expiresAt: inDays(61) })), inDays(8));
});

Deno.test("a token with fewer than 20 days left does not wait for its week, but for its first day", () => {
  assert.deepEqual(nextRefreshAt(makeToken({ refreshedAt: given, expiresAt: inDays(23) })), inDays(3));
  assert.deepEqual(nextRefreshAt(makeToken({ refreshedAt: given, expiresAt: inDays(5) })), inDays(1));
});

Deno.test("a try that was booked later is waited for", () => {
  assert.deepEqual(nextRefreshAt(makeToken({ refreshNotBefore: inDays(2) })), inDays(2));
});

Deno.test("the pauses between tries grow up to a day", () => {
  const pauses = Array.from({ length: 20 }, (_, index) => refreshPauseMs(index + 1));
  assert.deepEqual(pauses.slice(0, 3), [600_000, 1_200_000, 2_400_000]);
  assert.ok(pauses.every((pause, index) => index === 0 || pause >= (pauses[index - 1] ?? 0)));
  assert.equal(pauses.at(-1), dayMs);
});

Deno.test("warnings are due at 14, 7 and 3 days, and not before", () => {
  const token = makeToken({ expiresAt: inDays(60) });
  assert.deepEqual([45.9, 46, 53, 57, 61].map((day) => dueWarning(token, inDays(day))), [undefined, 14, 7, 3, 3]);
});

Deno.test("the days left are whole and never below 0", () => {
  const token = makeToken({ expiresAt: inDays(60) });
  assert.deepEqual([0, 0.5, 61].map((day) => tokenDaysLeft(token, inDays(day))), [60, 59, 0]);
  assert.equal(tokenDaysLeft(makeToken(), given), undefined);
});
