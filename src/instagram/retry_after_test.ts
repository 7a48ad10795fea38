import assert from "node:assert/strict";
import { retryAfter } from "@/instagram/retry_after.ts";

function wait(headers: Record<string, string>): number | undefined {
  return retryAfter(new Headers(headers));
}

Deno.test("retryAfter() reads seconds and dates, by the answer's own clock where it tells it", () => {
  assert.equal(wait({ "retry-after": "7" }), 7_000);
  assert.equal(wait({ "retry-after": " 1.5 " }), 1_500);
  const own = { "retry-after": "Tue, 24 Nov 2026 12:01:00 GMT", date: "Tue, 24 Nov 2026 12:00:40 GMT" };
  assert.equal(wait(own), 20_000);
  assert.equal(wait({ "retry-after": "Tue, 24 Nov 2026 12:01:00 GMT" }), undefined);
});

Deno.test("retryAfter() says nothing where the header does not, or names the past", () => {
  for (const value of ["", "soon", "-3", "0", "Mon, 23 Nov 2026 12:00:00 GMT"]) {
    assert.equal(wait({ "retry-after": value }), undefined, value);
  }
  assert.equal(wait({}), undefined);
});

Deno.test("retryAfter() waits a day at most, and for the longer of header and usage", () => {
  assert.equal(wait({ "retry-after": "999999999" }), 24 * 3_600_000);
  const usage = JSON.stringify({ "1784": [{ type: "instagram", estimated_time_to_regain_access: 19 }] });
  assert.equal(wait({ "retry-after": "7", "x-business-use-case-usage": usage }), 19 * 60_000);
});
