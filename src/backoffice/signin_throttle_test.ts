import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { makeSignInThrottle, waitAfter } from "@/backoffice/signin_throttle.ts";
import { openFixture } from "@/backoffice/testing/fixture.ts";

Deno.test("of tokens guessed at the same instant, no more are looked at than one after another", async () => {
  const clock = new ManualClock();
  await using fixture = await openFixture({ clock });
  const throttle = makeSignInThrottle({ store: fixture.store, clock });
  const guesses = Array.from({ length: 40 }, async () => {
    const admission = await throttle.admit("198.51.100.7");
    if (admission.kind === "admitted") await throttle.fail("198.51.100.7");
    return admission.kind;
  });
  for (let slot = 0; slot < 10; slot += 1) {
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    clock.advance(100);
  }
  const kinds = await Promise.all(guesses);
  assert.equal(kinds.filter((kind) => kind === "admitted").length, 5);
});

Deno.test("waitAfter() doubles from the fifth wrong token on, up to a quarter of an hour", () => {
  assert.deepEqual([1, 4, 5, 6, 7, 13, 14, 15, 1_000].map((strikes) => waitAfter(strikes)), [
    0,
    0,
    2_000,
    4_000,
    8_000,
    512_000,
    900_000,
    900_000,
    900_000,
  ]);
});
