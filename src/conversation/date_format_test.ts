import assert from "node:assert/strict";
import { dateFormat } from "@/conversation/date_format.ts";

Deno.test("dateFormat() makes one formatter for a locale and its options, however often it is asked", () => {
  const one = dateFormat("en", { timeZone: "UTC", hour: "2-digit" });
  assert.equal(dateFormat("en", { timeZone: "UTC", hour: "2-digit" }), one);
  assert.notEqual(dateFormat("es", { timeZone: "UTC", hour: "2-digit" }), one);
  assert.notEqual(dateFormat("en", { timeZone: "Asia/Tokyo", hour: "2-digit" }), one);
});

Deno.test("dateFormat() throws for a time zone that does not exist, and keeps nothing of it", () => {
  assert.throws(() => dateFormat("en", { timeZone: "Mars/Olympus" }), RangeError);
  assert.throws(() => dateFormat("en", { timeZone: "Mars/Olympus" }), RangeError);
});
