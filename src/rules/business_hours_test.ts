import assert from "node:assert/strict";
import fc from "fast-check";
import { businessAt } from "@/rules/business_hours.ts";

const at = (text: string): Date => new Date(text);
const weekdays = [{ from: "09:00", to: "14:00" }, { from: "16:00", to: "19:00" }];
const shop = { mon: weekdays, tue: weekdays, wed: weekdays, thu: weekdays, fri: weekdays };

Deno.test("businessAt() is always open when no hours are set", () => {
  assert.deepEqual(businessAt(undefined, "UTC", at("2026-11-24T03:00:00Z")), { open: true });
});

Deno.test("businessAt() counts the start of a span as open and its end as closed", () => {
  assert.deepEqual(businessAt(shop, "UTC", at("2026-11-24T09:00:00Z")), { open: true });
  assert.deepEqual(businessAt(shop, "UTC", at("2026-11-24T13:59:59Z")), { open: true });
  assert.deepEqual(businessAt(shop, "UTC", at("2026-11-24T14:00:00Z")), {
    open: false,
    opensAt: at("2026-11-24T16:00:00Z"),
  });
});

Deno.test("businessAt() finds the next opening behind a weekend and in the account's zone", () => {
  assert.deepEqual(businessAt(shop, "America/Mexico_City", at("2026-11-28T01:30:00Z")), {
    open: false,
    opensAt: at("2026-11-30T15:00:00Z"),
  });
});

Deno.test("businessAt() lets a span run over midnight into a day that is closed", () => {
  const bar = { sat: [{ from: "22:00", to: "03:00" }] };
  assert.equal(businessAt(bar, "UTC", at("2026-11-29T02:59:00Z")).open, true);
  assert.deepEqual(businessAt(bar, "UTC", at("2026-11-29T03:00:00Z")).opensAt, at("2026-12-05T22:00:00Z"));
});

Deno.test("businessAt() takes 00:00 to 00:00 as the whole day, and spans that touch as one", () => {
  assert.equal(businessAt({ tue: [{ from: "00:00", to: "00:00" }] }, "UTC", at("2026-11-24T23:59:59Z")).open, true);
  const touching = { tue: [{ from: "09:00", to: "12:00" }, { from: "12:00", to: "18:00" }] };
  assert.equal(businessAt(touching, "UTC", at("2026-11-24T12:00:00Z")).open, true);
});

Deno.test("businessAt() has no next opening when no day has hours", () => {
  assert.deepEqual(businessAt({ mon: [] }, "UTC", at("2026-11-24T12:00:00Z")), { open: false });
});

Deno.test("businessAt() opens next week when today's only span is over", () => {
  const tuesdays = { tue: [{ from: "09:00", to: "10:00" }] };
  assert.deepEqual(businessAt(tuesdays, "UTC", at("2026-11-24T11:00:00Z")).opensAt, at("2026-12-01T09:00:00Z"));
});

Deno.test("businessAt() follows the change of clocks: the same local hour is another instant", () => {
  const daily = { sat: [{ from: "09:00", to: "10:00" }], sun: [{ from: "09:00", to: "10:00" }] };
  assert.deepEqual(businessAt(daily, "Europe/Madrid", at("2026-03-28T10:00:00Z")).opensAt, at("2026-03-29T07:00:00Z"));
  assert.deepEqual(businessAt(daily, "Europe/Madrid", at("2026-10-24T10:00:00Z")).opensAt, at("2026-10-25T08:00:00Z"));
});

Deno.test("businessAt() takes a time that the change of clocks skips as the one an hour later", () => {
  const night = { sun: [{ from: "02:30", to: "05:00" }] };
  assert.deepEqual(businessAt(night, "Europe/Madrid", at("2026-03-29T00:00:00Z")).opensAt, at("2026-03-29T01:30:00Z"));
});

Deno.test("businessAt() is open at the very instant that it names as the next opening", () => {
  const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
  const hours = fc.record({
    tue: fc.array(fc.record({ from: time, to: time })),
    sun: fc.array(fc.record({ from: time, to: time })),
  });
  const zone = fc.constantFrom("UTC", "Europe/Madrid", "America/Mexico_City", "Asia/Kolkata", "Australia/Lord_Howe");
  const now = fc.date({ min: at("2026-01-01T00:00:00Z"), max: at("2027-01-01T00:00:00Z"), noInvalidDate: true });
  fc.assert(fc.property(hours, zone, now, (given, timeZone, instant) => {
    const { open, opensAt } = businessAt(given, timeZone, instant);
    if (opensAt === undefined) return;
    assert.equal(open, false);
    assert.ok(opensAt > instant);
    assert.equal(businessAt(given, timeZone, opensAt).open, true);
  }));
});
