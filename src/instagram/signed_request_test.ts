import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { verifySignedRequest } from "@/instagram/signed_request.ts";

const secret = "moca_test_secret";

/** From the page on Meta's data-deletion callback: user 17841400000000000, issued at 1700000000. */
const vector = "fuT3gDw0b1QREpqZivIjG6NVnZJi_cPSIh7BFLGilw0." +
  "eyJ1c2VyX2lkIjoiMTc4NDE0MDAwMDAwMDAwMDAiLCJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTcwMDAwMDAwMH0";

function signed(payload: string): string {
  const encoded = btoa(payload).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${createHmac("sha256", secret).update(encoded).digest("base64url")}.${encoded}`;
}

Deno.test("verifySignedRequest() reads what one of the secrets signed", async () => {
  const wanted = { userId: "17841400000000000", issuedAt: new Date(1_700_000_000_000) };
  assert.deepEqual(await verifySignedRequest(vector, [secret]), wanted);
  assert.deepEqual(await verifySignedRequest(vector, ["another", secret]), wanted);
});

Deno.test("verifySignedRequest() refuses other secrets, and none at all", async () => {
  for (const secrets of [[], [""], ["another"]]) assert.equal(await verifySignedRequest(vector, secrets), undefined);
});

Deno.test("verifySignedRequest() refuses a value with any character changed", async () => {
  for (let at = 0; at < vector.length; at += 1) {
    // The last character of the signature carries two bits that do not count.
    if (at === 42) continue;
    const changed = `${vector.slice(0, at)}${vector[at] === "A" ? "B" : "A"}${vector.slice(at + 1)}`;
    assert.equal(await verifySignedRequest(changed, [secret]), undefined, String(at));
  }
});

Deno.test("verifySignedRequest() refuses what is not two parts, too long, or not Meta's payload", async () => {
  const values = [
    "",
    ".",
    vector.slice(1),
    `${vector}=`,
    `${vector}.x`,
    `x${vector}`,
    "a".repeat(100_000),
    signed("null"),
    signed("not json"),
    signed(`{"user_id":"1","algorithm":"none"}`),
    signed(`{"algorithm":"HMAC-SHA256"}`),
    signed(`{"user_id":"","algorithm":"HMAC-SHA256"}`),
  ];
  for (const value of values) assert.equal(await verifySignedRequest(value, [secret]), undefined, value.slice(0, 80));
});

Deno.test("verifySignedRequest() reads a payload without its time", async () => {
  const value = signed(`{"user_id":12,"algorithm":"HMAC-SHA256"}`);
  assert.deepEqual(await verifySignedRequest(value, [secret]), { userId: "12", issuedAt: undefined });
});
