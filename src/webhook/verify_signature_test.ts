import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { makeSignatureVerifier } from "@/webhook/verify_signature.ts";

const secret = "moca_test_secret";
const encoder = new TextEncoder();

/** As Meta sends it: ASCII, with accents, emoji and slashes escaped. */
const body = encoder.encode(
  String.raw`{"object":"instagram","entry":[{"time":1569262486134,"id":"17841400000000000","messaging":[` +
    String.raw`{"sender":{"id":"1234567890123456"},"recipient":{"id":"17841400000000000"},"timestamp":1569262485349,` +
    String.raw`"message":{"mid":"aWdfTEST","text":"caf\u00e9 \ud83d\ude00 a\/b"}}]}]}`,
);
const digest = "6ad9494ad2c87f8f823fff994028033cac1c4d8b7910d98599d91ecb8c11883c";
const digestOfJsonWrittenAnew = "4a1661c902e06ee44c22ebc0709e1c39c77cb936382744b3b52ba8a86aec08bb";

function sign(bytes: Uint8Array, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(bytes).digest("hex")}`;
}

Deno.test("makeSignatureVerifier() accepts Meta's signature over the raw bytes", async () => {
  assert.equal(body.length, 262);
  assert.equal(await makeSignatureVerifier([secret])(body, `sha256=${digest}`), true);
});

Deno.test("makeSignatureVerifier() refuses a signature over JSON that was written anew", async () => {
  assert.equal(await makeSignatureVerifier([secret])(body, `sha256=${digestOfJsonWrittenAnew}`), false);
});

Deno.test("makeSignatureVerifier() accepts accents, emoji, slashes, signs and bytes that are no text, unescaped", async () => {
  const verify = makeSignatureVerifier([secret]);
  for (const bytes of [encoder.encode("café 😀 a/b <%@>\u2028"), new Uint8Array(), Uint8Array.of(0, 255, 128)]) {
    assert.equal(await verify(bytes, sign(bytes)), true);
  }
});

Deno.test("makeSignatureVerifier() refuses a flipped bit in any byte of body or signature", async () => {
  const verify = makeSignatureVerifier([secret]);
  for (let at = 0; at < body.length; at += 1) {
    const flipped = body.with(at, body[at] ^ (1 << at % 8));
    assert.equal(await verify(flipped, `sha256=${digest}`), false, `body ${at}`);
  }
  for (let at = 0; at < digest.length; at += 1) {
    const digit = (Number.parseInt(digest[at], 16) ^ (1 << at % 4)).toString(16);
    const flipped = `${digest.slice(0, at)}${digit}${digest.slice(at + 1)}`;
    assert.equal(await verify(body, `sha256=${flipped}`), false, `signature ${at}`);
  }
});

const malformed: Readonly<Record<string, string | undefined>> = {
  missing: undefined,
  empty: "",
  "a bare prefix": "sha256=",
  "without its prefix": digest,
  short: `sha256=${digest.slice(1)}`,
  long: `sha256=${digest}0`,
  doubled: `sha256=${digest}, sha256=${digest}`,
  "in upper case": `sha256=${digest.toUpperCase()}`,
  "with its prefix in upper case": `SHA256=${digest}`,
  "not hex": `sha256=${"g".repeat(64)}`,
  "followed by a line end": `sha256=${digest}\n`,
  "SHA-1": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}`,
};

for (const [name, header] of Object.entries(malformed)) {
  Deno.test(`makeSignatureVerifier() refuses a header that is ${name}`, async () => {
    assert.equal(await makeSignatureVerifier([secret])(body, header), false);
  });
}

Deno.test("makeSignatureVerifier() accepts any of several secrets, and none that was taken away", async () => {
  const header = sign(body, "the previous one");
  assert.equal(await makeSignatureVerifier([secret, "the previous one"])(body, header), true);
  assert.equal(await makeSignatureVerifier([secret])(body, header), false);
});

Deno.test("makeSignatureVerifier() refuses everything when there is no secret", async () => {
  for (const secrets of [[], [""]]) {
    assert.equal(await makeSignatureVerifier(secrets)(body, sign(body, "")), false);
  }
});
