import assert from "node:assert/strict";
import { absurdAgeMs, eventTime, instantOf, maxAgeMs, maxAheadMs } from "@/instagram/parse/instant.ts";

const noon = new Date("2026-11-24T12:00:00.000Z");

function after(ms: number): Date {
  return new Date(noon.getTime() + ms);
}

Deno.test("instantOf() tells seconds, milliseconds and microseconds apart by their size", () => {
  for (const value of [noon.getTime() / 1_000, noon.getTime(), noon.getTime() * 1_000]) {
    assert.equal(instantOf(value), noon.getTime());
    assert.equal(instantOf(String(value)), noon.getTime());
  }
});

Deno.test("instantOf() reads ISO 8601 as Meta writes it", () => {
  assert.equal(instantOf("2026-11-24T12:00:00+0000"), noon.getTime());
  assert.equal(instantOf("2026-11-24T12:00:00.000Z"), noon.getTime());
});

Deno.test("instantOf() reads nothing out of what is no instant", () => {
  const values = [undefined, null, "", "soon", "-5", 0, -1, NaN, Infinity, 1e300, "9".repeat(400), [], {}, true];
  assert.deepEqual(values.map(instantOf), values.map(() => undefined));
});

Deno.test("eventTime() believes an old instant for 30 days, and one that is 5 min ahead", () => {
  for (const told of [noon, after(-60_000), after(-maxAgeMs), after(maxAheadMs)]) {
    assert.deepEqual(eventTime([told.getTime()], noon), told);
  }
});

Deno.test("eventTime() puts an absurdly old instant where it opens no window, and a future one near arrival", () => {
  assert.deepEqual(eventTime([after(-maxAgeMs - 1).getTime()], noon), after(-absurdAgeMs));
  assert.deepEqual(eventTime(["1527459824"], noon), after(-absurdAgeMs));
  assert.deepEqual(eventTime([after(maxAheadMs + 1).getTime()], noon), after(maxAheadMs));
});

Deno.test("eventTime() takes the entry's time for an item without one, else the arrival", () => {
  assert.deepEqual(eventTime([undefined, after(-5_000).getTime() / 1_000], noon), after(-5_000));
  assert.deepEqual(eventTime([0, "x"], noon), noon);
});
