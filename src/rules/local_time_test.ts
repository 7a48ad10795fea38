import assert from "node:assert/strict";
import { localTime } from "@/rules/local_time.ts";

Deno.test("localTime() tells weekday, date and time on the clocks of the zone", () => {
  assert.deepEqual(localTime(new Date("2026-11-23T02:30:00Z"), "America/Mexico_City"), {
    timeZone: "America/Mexico_City",
    weekday: 7,
    hour: 20,
    minute: 30,
    date: "2026-11-22",
  });
  assert.equal(localTime(new Date("2026-11-22T23:59:00Z"), "Asia/Kolkata").weekday, 1);
  assert.equal(localTime(new Date("2026-11-22T23:59:00Z"), "Asia/Kolkata").minute, 29);
});

Deno.test("localTime() follows the change of clocks", () => {
  assert.equal(localTime(new Date("2026-03-29T00:59:00Z"), "Europe/Madrid").hour, 1);
  assert.equal(localTime(new Date("2026-03-29T01:00:00Z"), "Europe/Madrid").hour, 3);
});

Deno.test("localTime() throws for a zone that does not exist", () => {
  assert.throws(() => localTime(new Date(), "Mars/Base"), RangeError);
});
