import assert from "node:assert/strict";
import { readUsage } from "@/instagram/usage.ts";

function app(value: unknown): Headers {
  return new Headers({ "x-app-usage": typeof value === "string" ? value : JSON.stringify(value) });
}

function business(...entries: unknown[]): Headers {
  return new Headers({ "x-business-use-case-usage": JSON.stringify({ "17841400000000001": entries }) });
}

Deno.test("readUsage() takes the fullest counter of the app's header", () => {
  assert.deepEqual(readUsage(app({ "call_count": 28, "total_time": 62, "total_cputime": 5 })), { percent: 62 });
});

Deno.test("readUsage() takes the business header's counters of messages, and the minutes to wait", () => {
  const entry = { type: "instagram", "call_count": 100, "total_cputime": 25, "total_time": 25 };
  assert.deepEqual(readUsage(business({ ...entry, "estimated_time_to_regain_access": 19 })), {
    percent: 100,
    regainMs: 19 * 60_000,
  });
  assert.deepEqual(readUsage(business({ ...entry, "call_count": 96, "estimated_time_to_regain_access": 0 })), {
    percent: 96,
  });
});

Deno.test("readUsage() lets the counters of advertising say nothing about messages", () => {
  const ads = { type: "ads_insights", "call_count": 99 };
  assert.deepEqual(readUsage(business(ads, { type: "instagram", "call_count": 3 })), { percent: 3 });
  assert.equal(readUsage(business(ads)), undefined);
});

Deno.test("readUsage() knows nothing where nothing is said, which is not the same as zero", () => {
  for (const headers of [new Headers(), app("{"), app("[]"), app("null"), app({ "call_count": "many" }), business(7)]) {
    assert.equal(readUsage(headers), undefined);
  }
});
