import assert from "node:assert/strict";
import { type EnvelopeEvent, makeEnvelope, signBody, toMetaJson } from "./envelope.ts";

const at = new Date(1569262486134);
const accountId = "17841400000000000";

function textEvent(text: string): EnvelopeEvent {
  const head = { sender: { id: "1234567890123456" }, recipient: { id: accountId }, timestamp: 1569262485349 };
  return { list: "messaging", body: { ...head, message: { mid: "aWdfTEST", text } } };
}

Deno.test("toMetaJson() writes the very bytes of the reference vector", () => {
  assert.equal(
    toMetaJson(makeEnvelope([textEvent("café 😀 a/b")], { accountId, at })),
    String
      .raw`{"object":"instagram","entry":[{"time":1569262486134,"id":"17841400000000000","messaging":[{"sender":{"id":"1234567890123456"},"recipient":{"id":"17841400000000000"},"timestamp":1569262485349,"message":{"mid":"aWdfTEST","text":"caf\u00e9 \ud83d\ude00 a\/b"}}]}]}`,
  );
});

Deno.test("signBody() signs the raw bytes, as the reference vector says", async () => {
  const body = toMetaJson(makeEnvelope([textEvent("café 😀 a/b")], { accountId, at }));
  const right = "sha256=6ad9494ad2c87f8f823fff994028033cac1c4d8b7910d98599d91ecb8c11883c";
  assert.equal(await signBody(body, "moca_test_secret"), right);
  assert.equal(await signBody(new TextEncoder().encode(body), "moca_test_secret"), right);
});

Deno.test("signBody() gives another signature for JSON that was parsed and written again", async () => {
  const body = toMetaJson(makeEnvelope([textEvent("café 😀 a/b")], { accountId, at }));
  assert.equal(
    await signBody(JSON.stringify(JSON.parse(body)), "moca_test_secret"),
    "sha256=4a1661c902e06ee44c22ebc0709e1c39c77cb936382744b3b52ba8a86aec08bb",
  );
});

Deno.test("toMetaJson() is ASCII and says the same as the value, whatever the text", () => {
  const value = { text: 'ñ\u0000\u007f\ud800 </script> \u2028 漢字 \\/ "' };
  const written = toMetaJson(value);
  assert.match(written, /^[\x20-\x7e]*$/);
  assert.deepEqual(JSON.parse(written), value);
});

Deno.test("makeEnvelope() keeps the order of events and parts standby from messaging", () => {
  const standby: EnvelopeEvent = { list: "standby", body: { timestamp: 3 } };
  const envelope = makeEnvelope([textEvent("one"), standby, textEvent("two")], { accountId, at });
  assert.deepEqual(envelope.entry, [
    { time: at.getTime(), id: accountId, messaging: [textEvent("one").body, textEvent("two").body] },
    { time: at.getTime(), id: accountId, standby: [{ timestamp: 3 }] },
  ]);
});
